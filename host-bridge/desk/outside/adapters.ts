/** The three authorities: which of their messages say what. Field names as their documents have them; README.md says what was never seen live. */
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import { checkTime, envelopeClose, envelopeOpen, feishuOpen, feishuSignature, refused, same, sortedSignature } from './crypto';
import type { Adapter, Incoming, OutsideEvent, Read, Verdict } from './event';

export type OutsideOptions =
  | { kind: 'feishu'; name: string; template: string; encryptKey: string; verificationToken: string }
  | { kind: 'dingtalk' | 'wecom'; name: string; template: string; token: string; aesKey: string; owner: string };

const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const Encrypted = v.object({ encrypt: v.pipe(v.string(), v.maxLength(65_536)) });

function checked<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (!result.success) throw refused();
  return result.output;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused();
  }
}

const FeishuCheck = v.object({ type: v.literal('url_verification'), token: Name, challenge: Name });
const FeishuEvent = v.object({
  uuid: Name, token: Name, type: v.literal('event_callback'),
  event: v.object({ type: Name, approval_code: v.optional(Name), instance_code: v.optional(Name), status: v.optional(Name) }),
});
const FEISHU: Readonly<Record<string, Verdict>> = { APPROVED: 'approved', REJECTED: 'refused', CANCELED: 'taken-back', DELETED: 'taken-back', REVERTED: 'taken-back' };

function feishu(o: Extract<OutsideOptions, { kind: 'feishu' }>): Adapter {
  return {
    read({ headers, body, now }: Incoming): Read {
      const { encrypt } = checked(Encrypted, json(body.toString('utf8')));
      const [signature, timestamp, nonce] = [headers['x-lark-signature'], headers['x-lark-request-timestamp'], headers['x-lark-request-nonce']];
      if (signature !== undefined) {
        if (!same(signature, feishuSignature({ timestamp: timestamp ?? '', nonce: nonce ?? '', key: o.encryptKey, body }))) throw refused();
        checkTime(timestamp, now);
      }
      const told = json(feishuOpen(encrypt, o.encryptKey));
      const check = v.safeParse(FeishuCheck, told);
      if (check.success) {
        if (!same(check.output.token, o.verificationToken)) throw refused();
        return { challenge: check.output.challenge };
      }
      // The check of the address comes unsigned, and nothing else does.
      if (signature === undefined) throw refused();
      const { token, uuid, event } = checked(FeishuEvent, told);
      if (!same(token, o.verificationToken)) throw refused();
      if (event.type !== 'approval_instance' || event.instance_code === undefined) return { event: undefined, seen: uuid };
      return { seen: uuid, event: { id: uuid, instance: event.instance_code, template: event.approval_code ?? '', verdict: FEISHU[event.status ?? ''] } };
    },
    taken: () => ({ type: 'application/json', body: '{}' }),
    challenged: (challenge) => ({ type: 'application/json', body: JSON.stringify({ challenge }) }),
  };
}

type Sorted = Extract<OutsideOptions, { kind: 'dingtalk' | 'wecom' }>;

/** Opens what DingTalk and WeCom sign in the same way. Returns the signature as well: nothing else names the message. */
function opened(o: Sorted, { query, now }: Incoming, encrypt: string): { text: string; signature: string } {
  const signature = query['msg_signature'] ?? query['signature'];
  const { timestamp = '', nonce = '' } = query;
  if (signature === undefined || nonce.length > 200 || !same(signature, sortedSignature(o.token, timestamp, nonce, encrypt))) throw refused();
  checkTime(timestamp, now);
  return { text: envelopeOpen(encrypt, o.aesKey, o.owner), signature };
}

const DingTalk = v.object({ EventType: Name, processInstanceId: v.optional(Name), processCode: v.optional(Name), type: v.optional(Name), result: v.optional(Name) });

function dingtalk(o: Sorted, random: (length: number) => Buffer): Adapter {
  const answer = (now: number): { type: string; body: string } => {
    const [timeStamp, nonce, encrypt] = [String(now * 1000), random(8).toString('hex'), envelopeClose('success', o.aesKey, o.owner, random(16))];
    return { type: 'application/json', body: JSON.stringify({ msg_signature: sortedSignature(o.token, timeStamp, nonce, encrypt), timeStamp, nonce, encrypt }) };
  };
  return {
    read(incoming): Read {
      const { text, signature } = opened(o, incoming, checked(Encrypted, json(incoming.body.toString('utf8'))).encrypt);
      const { EventType, processInstanceId, processCode = '', type, result } = checked(DingTalk, json(text));
      if (EventType === 'check_url') return { challenge: 'success' };
      if (EventType !== 'bpms_instance_change' || processInstanceId === undefined) return { event: undefined, seen: signature };
      const verdict: Verdict | undefined = type === 'finish' ? (result === 'agree' ? 'approved' : result === 'refuse' ? 'refused' : undefined) : type === 'terminate' || type === 'delete' ? 'taken-back' : undefined;
      return { seen: signature, event: { id: signature, instance: processInstanceId, template: processCode, verdict } };
    },
    taken: answer,
    challenged: (_challenge, now) => answer(now),
  };
}

/** Nothing is looked up for it: no entities, no attributes; numbers stay text. */
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, processEntities: false });
function xml(text: string): unknown {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw refused();
  try {
    return parser.parse(text) as unknown;
  } catch {
    throw refused();
  }
}

const WeComBody = v.object({ xml: v.object({ Encrypt: v.pipe(v.string(), v.maxLength(65_536)) }) });
const WeComEvent = v.object({ xml: v.object({ Event: v.optional(v.string()), ApprovalInfo: v.optional(v.object({ SpNo: Name, TemplateId: Name, SpStatus: Name })) }) });
/** SpStatus: 2 approved (已通过), 3 refused (已驳回), 4 withdrawn (已撤销), 6 reverted after approval (通过后撤销), 7 deleted (已删除). */
const WECOM: Readonly<Record<string, Verdict>> = { 2: 'approved', 3: 'refused', 4: 'taken-back', 6: 'taken-back', 7: 'taken-back' };

function wecom(o: Sorted): Adapter {
  const plain = (body: string): { type: string; body: string } => ({ type: 'text/plain', body });
  return {
    read(incoming): Read {
      const { echostr } = incoming.query;
      if (echostr !== undefined) return { challenge: opened(o, incoming, echostr).text };
      const { text, signature } = opened(o, incoming, checked(WeComBody, xml(incoming.body.toString('utf8'))).xml.Encrypt);
      const { Event, ApprovalInfo: info } = checked(WeComEvent, xml(text)).xml;
      if (Event !== 'sys_approval_change' || info === undefined) return { event: undefined, seen: signature };
      return { seen: signature, event: { id: signature, instance: info.SpNo, template: info.TemplateId, verdict: WECOM[info.SpStatus] } satisfies OutsideEvent };
    },
    taken: () => plain('success'),
    challenged: plain,
  };
}

export function adapterOf(o: OutsideOptions, random: (length: number) => Buffer): Adapter {
  return o.kind === 'feishu' ? feishu(o) : o.kind === 'dingtalk' ? dingtalk(o, random) : wecom(o);
}
