/** `smartseal desk invite`: a way in for who has none left, the last administrator above all. Whoever has the machine and the passphrase may give it. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { COMMON, Problem } from '../common/errors';
import { guarded, print, say, type Configured } from './desk-command';
import { deskOptions } from './desk-open';

async function invite(options: Configured & { hours: number }, person: string): Promise<void> {
  if (!/^[1-9]\d{0,8}$/.test(person)) throw new Problem(COMMON.INVALID, say(options, 'the number of a person', '请给出人员编号'));
  const { options: o } = await deskOptions(options.config);
  const { openRooms } = require('../desk/desk') as typeof import('../desk/desk');
  const { configured } = require('../desk/people/sign-in') as typeof import('../desk/people/sign-in');
  const rooms = await openRooms({ ...o, bridges: [] });
  try {
    const signIn = configured(rooms.signIn);
    const place = await rooms.store.alone('duty', o.clock);
    if (!place) throw new Problem(COMMON.CONFLICT, 'a desk is running on this database');
    try {
      const { token, until } = await signIn.invitations.make(Number(person), options.hours, 0);
      await rooms.mark.keep();
      const link = `${signIn.origin}/console/invitation#${token}`;
      print(options, { person: Number(person), token, link, until }, [
        say(options, `Good once, for ${options.hours} hours: ${link}`, `一次有效，${options.hours} 小时内使用：${link}`),
      ]);
    } finally {
      await place.release();
    }
  } finally {
    await rooms.store.close();
  }
}

function hours(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > 168) throw new InvalidArgumentError('1..168');
  return Number(text);
}

export function registerInvite(desk: Command): void {
  desk
    .command('invite <person>')
    .description('a link by which a person sets anew how they sign in, for when no administrator can; the desk must not be running (邀请)')
    .option('--hours <hours>', 'how long it is good for', hours, 24)
    .action(guarded(invite, 'config'));
}
