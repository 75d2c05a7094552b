// Uploads one file with tus-js-client and prints the address and the digest header of the last answer.
// usage: node upload.mjs ENDPOINT FILE DIGEST, with the bearer token in TOKEN
import { createReadStream, statSync } from 'node:fs'
import * as tus from 'tus-js-client'

const [endpoint, file, digest] = process.argv.slice(2)
const upload = new tus.Upload(createReadStream(file), {
  endpoint,
  uploadSize: statSync(file).size,
  chunkSize: Number(process.env.CHUNK) || Infinity,
  retryDelays: Array.from({ length: 100 }, () => 200),
  metadata: { filename: '证据 材料.pdf', digest },
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
  onError(error) {
    console.error(String(error))
    process.exit(1)
  },
  onSuccess({ lastResponse }) {
    console.log(JSON.stringify({ url: upload.url, digest: lastResponse.getHeader('Repr-Digest') }))
  },
})
upload.start()
