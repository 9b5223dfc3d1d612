/**
 * Turns smartseal.proto into the codec of the interpreter's dialect and the host's table of messages. A host program; the
 * same input gives the same output, byte for byte. Run by generate-cli.ts.
 */
import type { Enum, Field, Type } from 'protobufjs';
import * as protobuf from 'protobufjs';

/** What the generator writes. */
export interface Generated {
  codec: string;
  messages: string;
}

interface Limits {
  max?: number;
  items?: number;
  len?: number;
}

const HEADER = '// Made from smartseal.proto by protocol/generate.ts. Do not edit: run `npm run generate`.\n';
const NUMBERS = new Set(['uint32', 'bool']);

/** Reads the schema with its comments. */
export function parseProto(source: string): protobuf.Namespace {
  const parsed = protobuf.parse(source, new protobuf.Root(), { keepCase: false, alternateCommentMode: true });
  return parsed.root.resolveAll().lookup(parsed.package ?? '') as protobuf.Namespace;
}

/** The message type's name of a message: StatusGet → STATUS_GET. */
export function enumName(message: string): string {
  return message.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

function limitsOf(field: Field): Limits {
  const limits: Limits = {};
  for (const match of (field.comment ?? '').matchAll(/@(max|items|len) (\d+)/g)) limits[match[1] as keyof Limits] = Number(match[2]);
  return limits;
}

/** A comment without its tags, as one line. */
function prose(comment: string | null): string {
  return (comment ?? '')
    .split('\n')
    .filter((line) => !/^\s*@(host|device)/.test(line))
    .join(' ')
    .replace(/@(max|items|len) \d+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function doc(comment: string | null, indent: string, extra = ''): string {
  const said = prose(comment);
  const sentence = said && `${said[0]?.toUpperCase()}${said.slice(1)}${/[.?!]$/.test(said) ? '' : '.'}`;
  const text = [sentence, extra].filter(Boolean).join(' ');
  return text ? `${indent}/** ${text} */\n` : '';
}

function literal(bytes: number[]): string {
  return `'${bytes.map((b) => `\\x${b.toString(16).padStart(2, '0')}`).join('')}'`;
}

function isText(field: Field): boolean {
  return field.type === 'bytes' || field.type === 'string';
}

function keyOf(field: Field): number {
  return field.id * 8 + (isText(field) ? 2 : 0);
}

function keyLiteral(field: Field): string {
  const bytes: number[] = [];
  let key = keyOf(field);
  for (; key > 127; key = Math.floor(key / 128)) bytes.push((key % 128) + 128);
  return literal([...bytes, key]);
}

function tsType(field: Field): string {
  const one = isText(field) ? 'Bytes' : field.type === 'bool' ? 'boolean' : field.resolvedType ? field.type : 'number';
  return field.repeated ? `${one}[]` : one;
}

function limitText(limits: Limits): string {
  const parts: string[] = [];
  if (limits.len !== undefined) parts.push(`Exactly ${limits.len} bytes.`);
  if (limits.max !== undefined) parts.push(`At most ${limits.max} bytes.`);
  if (limits.items !== undefined) parts.push(`At most ${limits.items} items.`);
  return parts.join(' ');
}

function check(message: Type, field: Field): void {
  const where = `${message.name}.${field.name}`;
  const limits = limitsOf(field);
  const isEnum = field.resolvedType instanceof protobuf.Enum;
  if (!isText(field) && !NUMBERS.has(field.type) && !isEnum) throw new Error(`${where}: type ${field.type} is not in the codec's subset`);
  if (field.repeated && (!isText(field) || limits.items === undefined)) throw new Error(`${where}: repeated needs bytes and @items`);
  if (isText(field) && limits.max === undefined && limits.len === undefined) throw new Error(`${where}: needs @max or @len`);
  if (field.map || field.partOf) throw new Error(`${where}: maps and oneofs are not in the codec's subset`);
}

function encoder(message: Type): string {
  const name = message.name;
  if (!message.fieldsArray.length) return `export function encode${name}(_m?: ${name}): Bytes {\n  return '';\n}\n`;
  const lines: string[] = [];
  const terms: string[] = [];
  for (const field of message.fieldsArray) {
    const key = keyLiteral(field);
    if (field.repeated) {
      lines.push(`  let ${field.name} = '';\n  for (let i = 0; i < m.${field.name}.length; i++) ${field.name} += item(${key}, m.${field.name}[i] as Bytes);\n`);
      terms.push(field.name);
    } else if (isText(field)) terms.push(`str(${key}, m.${field.name})`);
    else if (field.type === 'bool') terms.push(`(m.${field.name} ? ${key.slice(0, -1)}\\x01' : '')`);
    else terms.push(`num(${key}, m.${field.name})`);
  }
  return `export function encode${name}(m: ${name}): Bytes {\n${lines.join('')}  return ${terms.join(' + ')};\n}\n`;
}

function assignment(field: Field): string {
  const { max, items } = limitsOf(field);
  const tooLong = max === undefined ? '' : `r.str.length > ${max}`;
  if (field.repeated) return `{\n      if (${field.name}.length > ${(items as number) - 1} || ${tooLong}) return undefined;\n      ${field.name}.push(r.str);\n    }`;
  if (isText(field)) return tooLong ? `{\n      if (${tooLong}) return undefined;\n      ${field.name} = r.str;\n    }` : `${field.name} = r.str;`;
  if (field.type === 'bool') return `${field.name} = r.num !== 0;`;
  return field.resolvedType ? `${field.name} = r.num | 0;` : `${field.name} = r.num % 4294967296;`;
}

function decoder(message: Type): string {
  const { name, fieldsArray: fields } = message;
  const start = fields.map((field) => {
    if (field.repeated) return `  const ${field.name}: Bytes[] = [];\n`;
    return `  let ${field.name}${field.resolvedType ? `: ${field.type}` : ''} = ${isText(field) ? "''" : field.type === 'bool' ? 'false' : '0'};\n`;
  });
  const cases = fields.map((field, i) => `${i ? ' else ' : '    '}if (r.key === ${keyOf(field)}) ${assignment(field)}`);
  // Each `else` follows a block on its line, and a statement on the next.
  const body = cases.join('').replace(/; else /g, ';\n    else ');
  const exact = fields.filter((field) => limitsOf(field).len !== undefined).map((field) => ` || ${field.name}.length !== ${limitsOf(field).len}`);
  const loop = fields.length ? `  while (r.next()) {\n${body}\n  }\n` : '  while (r.next());\n';
  const result = fields.map((field) => `${field.name}: ${field.name}`).join(', ');
  return (
    `export function decode${name}(b: Bytes): ${name} | undefined {\n  const r = new WireReader(b);\n${start.join('')}${loop}` +
    `  return r.key < 0${exact.join('')} ? undefined : ${result ? `{ ${result} }` : '{}'};\n}\n`
  );
}

function enumeration(e: Enum): string {
  const values = Object.entries(e.values).map(([name, id]) => `${doc(e.comments[name] ?? null, '  ')}  ${name} = ${id},\n`);
  return `${doc(e.comment, '')}export const enum ${e.name} {\n${values.join('')}}\n`;
}

function codecOf(message: Type): string {
  const fields = message.fieldsArray.map((field) => {
    check(message, field);
    return `${doc(field.comment, '  ', limitText(limitsOf(field)))}  ${field.name}: ${tsType(field)};\n`;
  });
  const shape = fields.length
    ? `export interface ${message.name} {\n${fields.join('')}}\n`
    : `export type ${message.name} = Record<string, never>;\n`;
  return [`${doc(message.comment, '')}${shape}`, encoder(message), decoder(message)].join('\n');
}

interface Talk {
  host: boolean;
  device: boolean;
  answers: string[];
  stream: boolean;
}

/** A message's place in the conversation, from its comment's tags. */
function talkOf(message: Type, names: Set<string>): Talk {
  const comment = message.comment ?? '';
  const list = /@(?:answer|stream) ([A-Za-z]+(?:, *[A-Za-z]+)*)/.exec(comment);
  const answers = list ? (list[1] as string).split(/, */) : [];
  const talk = { host: /@host\b/.test(comment), device: /@device\b/.test(comment), answers, stream: /@stream\b/.test(comment) };
  if (!talk.host && !talk.device) throw new Error(`${message.name}: needs @host or @device`);
  if (talk.host && !answers.length) throw new Error(`${message.name}: needs @answer or @stream`);
  for (const answer of answers) if (!names.has(answer)) throw new Error(`${message.name}: answer ${answer} is no message`);
  return talk;
}

function tableOf(types: Type[], ids: Record<string, number>): string {
  const names = new Set(types.map((type) => type.name));
  const rows = types.map((type) => {
    const id = ids[enumName(type.name)];
    if (id === undefined) throw new Error(`${type.name}: no number in MessageType`);
    const talk = talkOf(type, names);
    const answers = talk.answers.map((answer) => `'${answer}'`).join(', ');
    return `  { name: '${type.name}', type: ${id}, host: ${talk.host}, device: ${talk.device}, answers: [${answers}], stream: ${talk.stream} },\n`;
  });
  return (
    `${HEADER}\n/** A message's name, number and place in the conversation. */\nexport interface MessageInfo {\n  name: string;\n` +
    '  /** Its MessageType. */\n  type: number;\n  /** Whether the host sends it. */\n  host: boolean;\n' +
    '  /** Whether the device sends it. */\n  device: boolean;\n' +
    '  /** What may answer it, besides Refusal. */\n  answers: string[];\n' +
    '  /** Whether any number of answers may come, the last of which says so. */\n  stream: boolean;\n}\n\n' +
    `/** All messages of smartseal.proto, in its order. For hosts. */\nexport const MESSAGES: MessageInfo[] = [\n${rows.join('')}];\n`
  );
}

/** Writes both files from the schema's text. Throws on what the codec's subset does not hold. */
export function generate(source: string): Generated {
  const root = parseProto(source);
  const types = root.nestedArray.filter((item): item is Type => item instanceof protobuf.Type);
  const enums = root.nestedArray.filter((item): item is Enum => item instanceof protobuf.Enum);
  const ids = enums.find((item) => item.name === 'MessageType')?.values ?? {};
  const imports = "import type { Bytes } from '../natives';\nimport { item, num, str, WireReader } from '../wire';\n";
  const top = '/** The messages of smartseal.proto in the interpreter\'s dialect. decodeX gives undefined for what is malformed or larger than the schema allows. */\n';
  return {
    codec: [HEADER + top + imports, ...enums.map(enumeration), ...types.map(codecOf)].join('\n'),
    messages: tableOf(types, ids),
  };
}
