/** The parts, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

/** Compares keys in the order of their bytes, for `sort`. */
export function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const first = one[index];
    const second = other[index];
    if (first !== second) return (first ?? 0) - (second ?? 0);
  }
  return one.length - other.length;
}

/** Whether a key is one of some. */
export function isAmong(keys: readonly Uint8Array[], key: Uint8Array): boolean {
  return keys.some((each) => compareBytes(each, key) === 0);
}

/** The first key after a key. */
export function keyAfter(key: Uint8Array): Uint8Array {
  return concat(key, Uint8Array.of(0));
}

/** The first key after all keys that begin with a prefix. The first byte of a prefix is not 255. */
export function endOf(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (prefix[length - 1] === 0xff) length--;
  const end = prefix.slice(0, length);
  end[length - 1] = (end[length - 1] ?? 0) + 1;
  return end;
}

/** All bytes as two hexadecimal digits. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Bytes as hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += HEX[byte] ?? "";
  return hex;
}

/** The bytes of hexadecimal digits in lower case; `undefined` for any other text. */
export function bytesOfHex(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/u.test(hex)) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < hex.length; index++) {
    const code = hex.charCodeAt(index);
    // The code of "9" is 57; that of "a" is 97.
    const digit = code <= 57 ? code - 48 : code - 87;
    bytes[index >>> 1] = ((bytes[index >>> 1] ?? 0) << 4) | digit;
  }
  return bytes;
}
