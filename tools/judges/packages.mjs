// Packages that tools/setup put below target/tools/npm, which is not a parent folder of these scripts.

import { createRequire } from "node:module";

export const require = createRequire(new URL("../../target/tools/npm/package.json", import.meta.url));
