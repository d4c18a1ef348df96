// The text of every QR code in a picture, by zxing (compiled to WebAssembly): the second decoder beside zbarimg.
//
//     node qr.mjs PICTURE.png
//
// One line a code: `version-level TEXT`, such as `12-M https://...`. Exit code 1 if there is none.

import { readFileSync } from "node:fs";
import { require } from "./packages.mjs";

const { prepareZXingModule, readBarcodes } = require("zxing-wasm/reader");
// By itself the package would fetch its module from a network.
const wasm = require.resolve("zxing-wasm/reader/zxing_reader.wasm");
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } });

const picture = new Uint8Array(readFileSync(process.argv[2]));
const codes = (await readBarcodes(picture, { formats: ["QRCode"], tryHarder: true })).filter((code) => code.isValid);
for (const code of codes) {
  console.log(`${code.version}-${code.ecLevel} ${code.text}`);
}
process.exit(codes.length > 0 ? 0 : 1);
