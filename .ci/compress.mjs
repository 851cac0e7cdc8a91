// Compresses the site's files once, so that the server never has to: node .ci/compress.mjs PATH…
// Prints the size of what a first page loads, as brotli, with the bar beside it.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const BAR_KB = 450;
let firstPage = 0;

function files(entry) {
  if (!fs.existsSync(entry)) return [];
  if (!fs.statSync(entry).isDirectory()) return [entry];
  return fs.readdirSync(entry).flatMap((name) => files(path.join(entry, name)));
}

for (const file of process.argv.slice(2).flatMap(files)) {
  if (!/\.(js|wasm|css|svg)$/.test(file)) continue;
  const bytes = fs.readFileSync(file);
  const brotli = zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } });
  fs.writeFileSync(`${file}.br`, brotli);
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }));
  if (/pkg\/.*\.(js|wasm)$/.test(file)) firstPage += brotli.length;
}
console.log(`browser bundle: wasm + js ${(firstPage / 1000).toFixed(0)} kB brotli on the first page (bar ${BAR_KB} kB)`);
