/** Digits that are typed at a unit, and read out on the phone. */

const CODES = 100_000_000n;

/** The eight digits that stand for a document at a keypad (protocol/SPEC.md, "Offline"). @param sha256 of it, hexadecimal */
export const documentCode = (sha256: string): string => String(BigInt(`0x${sha256.slice(0, 16)}`) % CODES).padStart(8, '0');

/** In groups of four, as they are read out. */
export const grouped = (digits: string): string => digits.replace(/\d{4}(?=\d)/g, '$& ');
