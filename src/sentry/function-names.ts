import { TRAMPOLINE_PATTERN, TRAMPOLINES } from "./trampolines.ts";

/** The longest name that is examined: the machinery of crashes has short names, and patterns stay fast. */
const MAX_LENGTH = 200;

/**
 * Whether a frame's function says where a program crashed. Names of stripped code do not, nor do trampolines: functions through
 * which every crash passes, such as `__pthread_kill` or `abort`.
 */
export function saysWhere(name: string): boolean {
  if (name.length > MAX_LENGTH) return true;
  if (isNameless(name)) return false;
  const plain = withoutDecoration(name.trim());
  return !(
    isNameless(plain) ||
    ADDRESS.test(plain) ||
    STRIPPED.test(plain) ||
    TRAMPOLINES.has(plain) ||
    TRAMPOLINE_PATTERN.test(plain)
  );
}

/** Whether a name is only what clients send where they know none, such as `<unknown>` or `?`. */
export function isNameless(name: string): boolean {
  return name.length <= MAX_LENGTH && NAMELESS.test(name.trim());
}

/**
 * The bare name: without the module before it (`libc.so.6!abort`), leading underscores, and the version, offset, arguments or
 * compiler's suffix after it (`raise@@GLIBC_2.2.5`, `abort + 22`, `std::terminate()`, `abort.cold`); and without the category of
 * an Objective-C class (`-[NSObject(Shop) doesNotRecognizeSelector:]`).
 */
function withoutDecoration(name: string): string {
  return name
    .replace(/^[^!`]*[!`](?=.)/u, "")
    .replace(/ ?\+ ?(?:0x)?[0-9a-f]+$/iu, "")
    .replace(/@.*$/u, "")
    .replace(/::h[0-9a-f]{16}$/u, "")
    .replace(/\.(?:cold|part|isra|constprop|llvm|clone)\b.*$/u, "")
    .replace(/^([+-]\[[^\s(]*)\([^)]*\)/u, "$1")
    .replace(/(?<=.)\(.*$/u, "")
    .replace(/^_+/u, "")
    .trim();
}

const NAMELESS =
  /^(?:\?*|[<([]?(?:unknown|redacted|stripped|anonymous|deduplicated_symbol|unknown function|null)[>)\]]?)$/iu;
/** Addresses, and the names that disassemblers make of them: `0x7fff2040`, `sub_1000`, `FUN_00401000`. */
const ADDRESS = /^(?:0x[0-9a-f]+|(?:sub|func?|fcn|loc)[_.](?=[a-f]*\d)[0-9a-f]{3,}|(?=[a-f]*\d)[0-9a-f]{8,})$/iu;
/** What stands for a symbol that is not known: that of the whole module, or a number. */
const STRIPPED = /^(?:lldb_unnamed_symbol.*|mh_(?:execute|dylib)_header|.*\.(?:so|dll|exe|dylib)(?:\.\d+)*)$/iu;
