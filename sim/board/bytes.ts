/** How the interpreter turns its values into bytes ("JSV_GET_AS_CHAR_ARRAY" and jsvIterateCallback of its sources). */

/** Something bytes can be made of: a number, a string, an array (nested too), any buffer, or {data, count}. */
export type Bytable = unknown;

/** Single bytes, made once; nobody writes into what toBytes() returned. */
const SINGLE: readonly Buffer[] = Array.from({ length: 256 }, (_, byte) => Buffer.of(byte));
/** Up to this length a string is made faster than a Buffer over the bytes. */
const SHORT = 48;

/** @throws TypeError for what the interpreter refuses: functions, undefined, plain objects. */
export function toBytes(value: Bytable): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'latin1');
  if (typeof value === 'number') return SINGLE[value & 255]!;
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  if (ArrayBuffer.isView(value)) {
    if (value instanceof Uint8Array) return Buffer.from(value);
    if (value instanceof DataView) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    const items = value as unknown as ArrayLike<number>;
    // One byte an element, whatever the element's width.
    const out = Buffer.alloc(items.length);
    for (let i = 0; i < items.length; i++) out[i] = items[i]! & 255;
    return out;
  }
  if (isArrayBuffer(value)) return Buffer.from(new Uint8Array(value));
  if (Array.isArray(value)) {
    // Parameter lists mostly hold one thing.
    return value.length === 1 ? toBytes(value[0]) : Buffer.concat(value.map(toBytes));
  }
  if (typeof value === 'object' && value !== null && 'data' in value && 'count' in value) {
    const one = toBytes(value.data);
    return Buffer.concat(new Array<Buffer>(Math.max(0, Number(value.count))).fill(one));
  }
  throw new TypeError(`Expecting a number or something iterable, got ${typeof value}`);
}

/** One character a byte. */
export function toBinary(bytes: Uint8Array): string {
  if (Buffer.isBuffer(bytes)) return bytes.toString('latin1');
  if (bytes.length <= SHORT) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** An ArrayBuffer of its own. */
export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const out = new ArrayBuffer(bytes.length);
  new Uint8Array(out).set(bytes);
  return out;
}

/** An ArrayBuffer of a binary string. */
export function fromBinary(text: string): ArrayBuffer {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out.buffer;
}

/** Also true for one from another realm, where instanceof is not. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return value instanceof ArrayBuffer || Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}
