// Made from smartseal.proto by protocol/generate.ts. Do not edit: run `npm run generate`.

/** A message's name, number and place in the conversation. */
export interface MessageInfo {
  name: string;
  /** Its MessageType. */
  type: number;
  /** Whether the host sends it. */
  host: boolean;
  /** Whether the device sends it. */
  device: boolean;
  /** What may answer it, besides Refusal. */
  answers: string[];
  /** Whether any number of answers may come, the last of which says so. */
  stream: boolean;
}

/** All messages of smartseal.proto, in its order. For hosts. */
export const MESSAGES: MessageInfo[] = [
  { name: 'Ready', type: 1, host: false, device: true, answers: [], stream: false },
  { name: 'Refusal', type: 2, host: false, device: true, answers: [], stream: false },
  { name: 'Done', type: 3, host: false, device: true, answers: [], stream: false },
  { name: 'Notice', type: 4, host: false, device: true, answers: [], stream: false },
  { name: 'StatusGet', type: 16, host: true, device: false, answers: ['Status'], stream: false },
  { name: 'Status', type: 17, host: false, device: true, answers: [], stream: false },
  { name: 'PermitLoad', type: 18, host: true, device: false, answers: ['PermitState'], stream: false },
  { name: 'PermitGet', type: 19, host: true, device: false, answers: ['PermitState'], stream: false },
  { name: 'PermitState', type: 20, host: false, device: true, answers: [], stream: false },
  { name: 'GrantApply', type: 21, host: true, device: false, answers: ['Done'], stream: false },
  { name: 'TimeNonceGet', type: 22, host: true, device: false, answers: ['TimeNonce'], stream: false },
  { name: 'TimeNonce', type: 23, host: false, device: true, answers: [], stream: false },
  { name: 'RecordsGet', type: 24, host: true, device: false, answers: ['Records'], stream: false },
  { name: 'Records', type: 25, host: false, device: true, answers: [], stream: false },
  { name: 'PhotoGet', type: 26, host: true, device: false, answers: ['PhotoChunk'], stream: true },
  { name: 'PhotoChunk', type: 27, host: false, device: true, answers: [], stream: false },
  { name: 'UseClose', type: 28, host: true, device: false, answers: ['Done'], stream: false },
  { name: 'PeopleGet', type: 29, host: true, device: false, answers: ['People'], stream: false },
  { name: 'People', type: 30, host: false, device: true, answers: [], stream: false },
  { name: 'UpdateBegin', type: 40, host: true, device: false, answers: ['UpdateState'], stream: false },
  { name: 'UpdateState', type: 41, host: false, device: true, answers: [], stream: false },
  { name: 'UpdateGet', type: 42, host: true, device: false, answers: ['UpdateState'], stream: false },
  { name: 'UpdateChunk', type: 43, host: true, device: false, answers: ['UpdateState'], stream: false },
  { name: 'UpdateFinish', type: 44, host: true, device: false, answers: ['UpdateState'], stream: false },
  { name: 'ViewGet', type: 45, host: true, device: false, answers: ['ViewChunk'], stream: true },
  { name: 'ViewChunk', type: 46, host: false, device: true, answers: [], stream: false },
  { name: 'PhotoPut', type: 47, host: true, device: false, answers: ['Done'], stream: false },
  { name: 'Maintain', type: 50, host: true, device: false, answers: ['Maintained'], stream: false },
  { name: 'Maintained', type: 51, host: false, device: true, answers: [], stream: false },
];
