// Package seal signs papers: a PDF signature (adbe.pkcs7.detached, certifying,
// no changes allowed) with an RFC 3161 time stamp inside, by any crypto.Signer
// with its certificates. It also has a test signer and a time stamp authority of
// its own, for hubs that have none yet; both say TEST in every name they carry.
package seal
