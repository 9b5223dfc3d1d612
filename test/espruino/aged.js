/**
 * Flash of a unit that has lived for long: journal and state log nearly full, everything with the register. Made by the
 * firmware's own stores in Node, so that the interpreter need not write two thousand records to come to the interesting ones.
 */
'use strict';
const { Journal } = require('../../firmware/core/journal');
const { State } = require('../../firmware/core/state');
const { Store } = require('../../firmware/core/store');
const { slotBytes, VAULT_COMMIT, vaultHead, vaultIdentity } = require('../../firmware/core/provision');
const { PAGE, VAULT, STATE, JOURNAL, PHOTOS } = require('../../firmware/board/files');
const { hmacKey, makeRecord, ratchet, recordData, ZERO_HASH } = require('../../protocol');
const { nodeNatives } = require('../../host-bridge/natives');

/** A region in memory. */
function nor(pages) {
  const bytes = Buffer.alloc(pages * PAGE, 0xff);
  return {
    bytes, page: PAGE, pages,
    read: (at, length) => bytes.toString('latin1', at, at + length),
    write: (at, data) => Buffer.from(data, 'latin1').forEach((byte, i) => (bytes[at + i] &= byte)),
    erase: (page) => bytes.fill(0xff, page * PAGE, (page + 1) * PAGE),
  };
}

/** @returns {{regions: Buffer[], records: string[]}} vault, state, journal, photos; and all records ever made */
function aged({ vault, device, evidenceKey, time }) {
  const journal = nor(JOURNAL.pages);
  const log = new Journal(nodeNatives, journal);
  log.open();
  const records = [];
  let key = evidenceKey;
  let prev = ZERO_HASH;
  // All but one page.
  while (log.free() > PAGE + 200) {
    const seq = records.length;
    const pads = hmacKey(nodeNatives, key);
    const record = makeRecord(nodeNatives, pads, { device, seq, boot: 1, uptime: seq * 1000, time: time + seq, kind: 11, data: recordData([time + seq - 1, time + seq]), prev });
    if (log.append(record, 0) !== 0) throw new Error('the journal is full');
    records.push(record);
    prev = nodeNatives.sha256(record);
    key = ratchet(nodeNatives, pads);
  }
  const state = new State();
  Object.assign(state, { boot: 1, floor: time + records.length, synced: records.length, acked: records.length });
  const flash = nor(STATE.pages);
  const store = new Store(nodeNatives, flash, { keep: () => false, snapshot: () => '' });
  store.open(() => undefined);
  // All but a few entries.
  const room = store.capacity() / store.need(state.encode().length) - 12;
  for (let i = 0; i < room; i++) store.put(state.encode());
  const identity = vaultIdentity(nodeNatives, (at, length) => vault.slice(at, at + length));
  const image = Buffer.alloc(VAULT.pages * PAGE, 0xff);
  image.write(vaultHead(nodeNatives, 1, identity) + VAULT_COMMIT + slotBytes(nodeNatives, key, records.length), 0, 'latin1');
  return { regions: [image, flash.bytes, journal.bytes, Buffer.alloc(PHOTOS.pages * PAGE, 0xff)], records };
}

module.exports = { aged };
