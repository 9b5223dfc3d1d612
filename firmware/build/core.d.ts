/**
 * The language core as the interpreter has it (Espruino 2v29, measured; see also JerryScript 3.0): nothing that is not
 * here may be used by protocol/ (device files) or firmware/. The device build is checked with `noLib` against this file,
 * the built bundle once more against its names, and the property mangler leaves exactly these names alone.
 *
 * Left out on purpose, because the interpreter lacks them or does something else: Map, Set, Symbol, Reflect, Proxy,
 * RangeError, Object.freeze, Math.trunc/imul/log2, Number.isInteger, Array.from/of/at/flat/lastIndexOf/reduceRight,
 * assignment to length, String.normalize/codePointAt/localeCompare, typed arrays, regular expressions, Promise.
 */
interface IteratorResult<T> {
  done: boolean;
  value: T;
}
interface Iterator<T> {
  next(): IteratorResult<T>;
}
interface Iterable<T> {
  [Symbol.iterator](): Iterator<T>;
}
/** Only so that the compiler accepts for-of over arrays and strings; the bundle check refuses the name. */
interface SymbolConstructor {
  readonly iterator: unique symbol;
}
declare const Symbol: SymbolConstructor;

interface Object {
  toString(): string;
}
interface ObjectConstructor {
  assign<T, U>(target: T, source: U): T & U;
  keys(object: object): string[];
}
declare const Object: ObjectConstructor;

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
interface Function {
  readonly length: number;
}
interface CallableFunction extends Function {
  bind<T>(this: T, self: unknown): OmitThisParameter<T>;
  call<R>(this: () => R, self: unknown): R;
}
interface NewableFunction extends Function {}
interface IArguments {
  readonly length: number;
  [index: number]: unknown;
}
interface RegExp {
  test(text: string): boolean;
}
interface Boolean {
  valueOf(): boolean;
}
interface Number {
  toString(radix?: number): string;
}
interface String {
  readonly length: number;
  charCodeAt(index: number): number;
  charAt(index: number): string;
  indexOf(search: string, from?: number): number;
  lastIndexOf(search: string, from?: number): number;
  split(separator: string): string[];
  substr(from: number, length?: number): string;
  substring(from: number, to?: number): string;
  slice(from: number, to?: number): string;
  repeat(count: number): string;
  padStart(length: number, pad?: string): string;
  padEnd(length: number, pad?: string): string;
  startsWith(search: string): boolean;
  endsWith(search: string): boolean;
  includes(search: string): boolean;
  toUpperCase(): string;
  toLowerCase(): string;
  readonly [index: number]: string;
  [Symbol.iterator](): Iterator<string>;
}
interface StringConstructor {
  fromCharCode(...codes: number[]): string;
}
declare const String: StringConstructor;

interface Array<T> {
  readonly length: number;
  push(...items: T[]): number;
  pop(): T | undefined;
  shift(): T | undefined;
  unshift(...items: T[]): number;
  slice(from?: number, to?: number): T[];
  splice(from: number, count?: number, ...items: T[]): T[];
  concat(items: T[]): T[];
  join(separator?: string): string;
  indexOf(item: T): number;
  includes(item: T): boolean;
  map<U>(call: (item: T, index: number) => U): U[];
  filter(call: (item: T, index: number) => boolean): T[];
  forEach(call: (item: T, index: number) => void): void;
  find(call: (item: T) => boolean): T | undefined;
  findIndex(call: (item: T) => boolean): number;
  some(call: (item: T) => boolean): boolean;
  every(call: (item: T) => boolean): boolean;
  reverse(): T[];
  fill(value: T): T[];
  [index: number]: T;
  [Symbol.iterator](): Iterator<T>;
}
interface ArrayConstructor {
  /** For instanceof. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly prototype: any[];
  (): unknown[];
  isArray(value: unknown): boolean;
}
declare const Array: ArrayConstructor;
interface ReadonlyArray<T> {
  readonly length: number;
  slice(from?: number, to?: number): T[];
  join(separator?: string): string;
  indexOf(item: T): number;
  includes(item: T): boolean;
  map<U>(call: (item: T, index: number) => U): U[];
  forEach(call: (item: T, index: number) => void): void;
  readonly [index: number]: T;
  [Symbol.iterator](): Iterator<T>;
}
interface ConcatArray<T> {
  readonly length: number;
  readonly [index: number]: T;
}
/** Only ever made by native calls; turned into binary strings at once. */
interface ArrayBuffer {
  readonly byteLength: number;
}
interface Uint8Array {
  readonly length: number;
  readonly buffer: ArrayBuffer;
  [index: number]: number;
}
interface Error {
  message: string;
}
interface ErrorConstructor {
  new (message?: string): Error;
}
declare const Error: ErrorConstructor;

interface Math {
  floor(x: number): number;
  ceil(x: number): number;
  round(x: number): number;
  min(a: number, b: number): number;
  max(a: number, b: number): number;
  abs(x: number): number;
  pow(base: number, exponent: number): number;
  sqrt(x: number): number;
  cos(x: number): number;
  readonly PI: number;
}
declare const Math: Math;
declare const NaN: number;
declare const Infinity: number;
declare function isNaN(x: number): boolean;

type ThisParameterType<T> = T extends (this: infer U, ...given: never) => unknown ? U : unknown;
type OmitThisParameter<T> = unknown extends ThisParameterType<T> ? T : T extends (...given: infer A) => infer R ? (...given: A) => R : T;
type Partial<T> = { [P in keyof T]?: T[P] };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends string | number, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T;
type NonNullable<T> = T & {};
