import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field, Type } from 'protobufjs';
import * as protobuf from 'protobufjs';
import { generate, parseProto } from '../../protocol/generate';
import * as codec from '../../protocol/generated/codec';
import { MESSAGES } from '../../protocol/generated/messages';
import type { Bytes } from '../../protocol/natives';
import { Random } from './random';

const FOLDER = join(__dirname, '../../protocol');
const SOURCE = readFileSync(join(FOLDER, 'smartseal.proto'), 'utf8');
const schema = parseProto(SOURCE);
const types = schema.nestedArray.filter((t): t is Type => t instanceof protobuf.Type);

type Value = { [field: string]: unknown };
const functions = codec as unknown as { [name: string]: (x: unknown) => unknown };
const encode = (name: string, m: Value): Bytes => (functions[`encode${name}`] as (x: Value) => Bytes)(m);
const decode = (name: string, b: Bytes): Value | undefined => (functions[`decode${name}`] as (b: Bytes) => Value | undefined)(b);

const limit = (field: Field, name: string): number | undefined => {
  const match = new RegExp(`@${name} (\\d+)`).exec(field.comment ?? '');
  return match ? Number(match[1]) : undefined;
};
const isText = (field: Field): boolean => field.type === 'bytes' || field.type === 'string';

/** A random value of a message, within its limits. */
function sample(type: Type, random: Random): Value {
  const text = (field: Field): Bytes => {
    const exact = limit(field, 'len');
    const length = exact ?? (random.below(4) ? random.below(Math.min(40, limit(field, 'max') as number)) : random.pick([0, limit(field, 'max') as number]));
    return field.type === 'string' ? 'v1.2-x'.repeat(9).substring(0, length) : random.bytes(length);
  };
  const value: Value = {};
  for (const field of type.fieldsArray) {
    if (field.repeated) value[field.name] = Array.from({ length: random.below((limit(field, 'items') as number) + 1) }, () => text(field));
    else if (isText(field)) value[field.name] = text(field);
    else if (field.type === 'bool') value[field.name] = random.below(2) === 1;
    else if (field.resolvedType) value[field.name] = random.below(10);
    else value[field.name] = random.uint32();
  }
  return value;
}

const buffer = (b: Bytes): Buffer => Buffer.from(b, 'latin1');

/** The message as protobufjs takes it. */
function toProto(type: Type, value: Value): Value {
  const turn = (field: Field, v: unknown): unknown => (field.type === 'bytes' ? buffer(v as Bytes) : v);
  return Object.fromEntries(type.fieldsArray.map((f) => [f.name, f.repeated ? (value[f.name] as unknown[]).map((v) => turn(f, v)) : turn(f, value[f.name])]));
}

function fromProto(type: Type, message: protobuf.Message): Value {
  const plain = type.toObject(message, { defaults: true, arrays: true }) as Value;
  const turn = (v: unknown): unknown => (v instanceof Uint8Array ? Buffer.from(v).toString('latin1') : Array.isArray(v) ? v.map(turn) : v);
  return Object.fromEntries(type.fieldsArray.map((f) => [f.name, turn(plain[f.name]) ?? '']));
}

const reference = (type: Type, value: Value): Bytes => {
  // protobufjs writes fields set to their default; proto3 leaves them out.
  const set = Object.fromEntries(Object.entries(toProto(type, value)).filter(([, v]) => (v instanceof Uint8Array || Array.isArray(v) ? v.length : v)));
  return Buffer.from(type.encode(type.create(set)).finish()).toString('latin1');
};

test('the generated files are fresh', () => {
  const made = generate(SOURCE);
  expect(readFileSync(join(FOLDER, 'generated/codec.ts'), 'utf8')).toBe(made.codec);
  expect(readFileSync(join(FOLDER, 'generated/messages.ts'), 'utf8')).toBe(made.messages);
  expect(generate(SOURCE)).toEqual(made);
});

test('the table names each message once, and every answer', () => {
  expect(MESSAGES.map((m) => m.name)).toEqual(types.map((t) => t.name));
  expect(new Set(MESSAGES.map((m) => m.type)).size).toBe(MESSAGES.length);
  for (const m of MESSAGES) expect(m.host === (m.answers.length > 0)).toBe(true);
  const enumeration = schema.lookupEnum('MessageType').values;
  expect(Object.values(enumeration).filter((id) => id)).toEqual(MESSAGES.map((m) => m.type));
});

describe.each(types.map((t) => [t.name, t] as const))('%s', (name, type) => {
  const random = new Random(name.length * 1000 + type.fieldsArray.length);

  test('agrees with protobufjs, both ways', () => {
    for (let i = 0; i < 300; i++) {
      const value = sample(type, random);
      const bytes = encode(name, value);
      expect(bytes).toBe(reference(type, value));
      expect(decode(name, bytes)).toEqual(value);
      expect(fromProto(type, type.decode(buffer(bytes)))).toEqual(value);
    }
  });

  test('skips unknown fields, wherever they stand, and fields of another wire type', () => {
    for (let i = 0; i < 100; i++) {
      const value = sample(type, random);
      const writer = protobuf.Writer.create();
      const unknown = (): Bytes => {
        const field = 100 + random.below(500000000);
        writer.reset();
        const kind = random.below(4);
        if (kind === 0) writer.uint32(field * 8).uint64(random.uint32());
        else if (kind === 1) writer.uint32(field * 8 + 1).fixed64(random.uint32());
        else if (kind === 2) writer.uint32(field * 8 + 2).bytes(buffer(random.bytes(random.below(200))));
        else writer.uint32(field * 8 + 5).fixed32(random.uint32());
        return Buffer.from(writer.finish()).toString('latin1');
      };
      const pieces = type.fieldsArray.map((f) => encode(name, { ...sampleEmpty(type), [f.name]: value[f.name] }));
      const mixed = pieces.map((p) => unknown() + p).join('') + unknown();
      expect(decode(name, mixed)).toEqual(value);
      expect(fromProto(type, type.decode(buffer(mixed)))).toEqual(value);
    }
  });

  test('refuses every truncation that protobufjs refuses', () => {
    for (let i = 0; i < 20; i++) {
      const value = sample(type, random);
      const bytes = encode(name, value);
      for (let cut = 0; cut < bytes.length; cut++) {
        const part = bytes.substring(0, cut);
        let theirs: Value | undefined;
        try {
          theirs = fromProto(type, type.decode(buffer(part)));
        } catch {
          theirs = undefined;
        }
        const lacking = type.fieldsArray.some((f) => limit(f, 'len') !== undefined && theirs && (theirs[f.name] as Bytes).length !== limit(f, 'len'));
        expect(decode(name, part)).toEqual(lacking ? undefined : theirs);
      }
    }
  });

  test('refuses what is larger than the schema allows', () => {
    for (const field of type.fieldsArray.filter(isText)) {
      const value = sample(type, random);
      const over = 'x'.repeat((limit(field, 'len') ?? (limit(field, 'max') as number)) + 1);
      expect(decode(name, encode(name, { ...value, [field.name]: field.repeated ? [over] : over }))).toBeUndefined();
      if (!field.repeated) continue;
      const items = limit(field, 'items') as number;
      expect(decode(name, encode(name, { ...value, [field.name]: Array(items).fill('a') }))).toBeDefined();
      expect(decode(name, encode(name, { ...value, [field.name]: Array(items + 1).fill('a') }))).toBeUndefined();
    }
  });
});

function sampleEmpty(type: Type): Value {
  return Object.fromEntries(type.fieldsArray.map((f) => [f.name, f.repeated ? [] : isText(f) ? '' : f.type === 'bool' ? false : 0]));
}

describe('wire format', () => {
  const bad: [string, string][] = [
    ['field number 0', '\x00\x01'],
    ['a group', '\x0b\x0c'],
    ['an end of group', '\x0c'],
    ['wire type 6', '\x0e\x00'],
    ['an 11-byte varint', '\x08' + '\xff'.repeat(10) + '\x01'],
    ['a varint without end', '\x08\xff'],
    ['a length beyond the end', '\x12\x05abc'],
    ['a length of 2^63', '\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f'],
    ['a key beyond 32 bits', '\x80\x80\x80\x80\x10\x00'],
  ];
  test.each(bad)('%s is malformed', (_name, bytes) => {
    expect(codec.decodeNotice(bytes)).toBeUndefined();
    expect(codec.decodeDone(bytes)).toBeUndefined();
  });

  test('the last of a field given twice counts', () => {
    expect(codec.decodeNotice('\x10\x01\x10\x02')?.nextSeq).toBe(2);
  });

  test('10-byte varints: the low 32 bits count, and any bit makes a true', () => {
    expect(codec.decodeNotice('\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01')?.nextSeq).toBe(4294967295);
    expect(codec.decodeNotice('\x10\x80\x80\x80\x80\x10')?.nextSeq).toBe(0);
    expect(codec.decodeNotice('\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01')?.state).toBe(-1);
    expect(codec.decodePermitState('\x20\x80\x80\x80\x80\x10')?.closed).toBe(true);
    expect(codec.decodePermitState('\x20\x80\x00')?.closed).toBe(false);
  });
});

describe('the generator refuses what the codec cannot hold', () => {
  const head = 'syntax = "proto3"; package smartseal.v1; enum MessageType { NONE = 0; X = 1; } enum UseState { A = 0; } enum RefusalCode { B = 0; }\n';
  const cases: [string, string][] = [
    ['another type', '// @device\nmessage X { double a = 1; }'],
    ['bytes without a limit', '// @device\nmessage X { bytes a = 1; }'],
    ['repeated without @items', '// @device\nmessage X { repeated bytes a = 1; // @max 3\n }'],
    ['a message without a number', '// @device\nmessage Y { }'],
    ['a message without a direction', 'message X { }'],
    ['a request without an answer', '// @host\nmessage X { }'],
    ['an answer that is no message', '// @host @answer Z\nmessage X { }'],
  ];
  test.each(cases)('%s', (_name, body) => {
    expect(() => generate(head + body)).toThrow();
  });
});
