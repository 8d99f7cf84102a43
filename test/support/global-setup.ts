export { makeImage as setup } from "./pglite.ts";
