// Package web owns the pages that the binary carries. It knows nothing of the
// rest of the product: whoever serves HTTP is handed [Files].
//
// Every page works under the content security policy default-src 'self' with
// no inline script and no third-party host. The API reader below /docs/ alone
// also needs style-src 'self' 'unsafe-inline' and img-src 'self' data:.
package web
