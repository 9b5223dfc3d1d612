/** `smartseal desk backup`, `smartseal desk restore`. */
import type { Command } from 'commander';
import { COMMON, Problem } from '../common/errors';
import { guarded, print, say, type Configured } from './desk-command';
import { deskOptions } from './desk-open';

async function backup(options: Configured, file: string): Promise<void> {
  const { options: o } = await deskOptions(options.config);
  const { openRooms } = require('../desk/desk') as typeof import('../desk/desk');
  const { writeBackup } = require('../desk/backup/write') as typeof import('../desk/backup/write');
  const rooms = await openRooms({ ...o, bridges: [] });
  try {
    const made = await writeBackup(rooms, file);
    print(options, { ...made }, [
      say(options, `${file}: ${made.bytes} bytes, ${made.entries} entries, ${made.documents} documents and pages, ${made.photos} photos`, `${file}：${made.bytes} 字节，登记 ${made.entries} 条，文件及页面 ${made.documents} 个，照片 ${made.photos} 张`),
      ...made.missing.map((name) => say(options, `missing or damaged, not in the backup: ${name}`, `缺失或损坏，未纳入备份：${name}`)),
      say(options, 'It holds no key: keep authority.keys, link.keys and the passphrase elsewhere.', '备份不含密钥：authority.keys、link.keys 与口令须另行保存。'),
    ]);
    if (made.missing.length > 0) process.exitCode = 1;
  } finally {
    await rooms.store.close();
  }
}

/** Day of a time in Unix seconds, UTC. */
const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

async function restore(options: Configured & { inPlace?: boolean }, file: string | undefined): Promise<void> {
  if ((file === undefined) !== (options.inPlace === true)) throw new Problem(COMMON.CONFIG, say(options, 'a backup, or --in-place', '请给出备份文件或 --in-place'));
  const { options: o } = await deskOptions(options.config);
  const { acceptRestored, restoreBackup } = require('../desk/backup/restore') as typeof import('../desk/backup/restore');
  const done = file === undefined ? { ...(await acceptRestored(o)), missing: [] } : await restoreBackup(file, o);
  print(options, { ...done }, [
    say(options, `Restored: ${done.entries} entries of the register; ${done.devices} units are told that nothing granted before holds`, `已恢复：登记 ${done.entries} 条；${done.devices} 台设备将被通知此前的授权全部作废`),
    say(options, `${done.withdrawn} approved applications were taken back and must be made again`, `${done.withdrawn} 份已批准的申请已撤回，须重新申请`),
    say(options, 'No code is given for a unit until it has been heard. Check who is enrolled on each unit, and close its case.', '设备重新同步之前不发放离线码。请核对每台设备上登记的人员，再关闭对应的事件。'),
    say(options, 'All sessions and tokens are ended and recovery codes used up: people sign in anew, programs get new tokens.', '全部会话与令牌已作废，恢复码已失效：人员须重新登录，程序须换发令牌。'),
    ...(done.means.length === 0 ? [] : [say(options, 'CHECK with each person: what they had removed or replaced since the backup signs in again.', '请逐人核对：备份之后移除或更换的登录方式已重新生效。')]),
    ...done.means.map(({ person, name, roles, passkeys, password }) => `  ${person} ${name} (${roles.join(' ')}): ${[...passkeys.map((one) => `${say(options, 'passkey', '通行密钥')} ${one.name} ${day(one.created)}`), ...(password === null ? [] : [`${say(options, 'password and authenticator', '密码与动态验证码')} ${day(password)}`])].join('; ')}`),
    ...(done.token === undefined ? [] : [say(options, `Token of person ${done.token.person}, shown once: ${done.token.token}`, `人员 ${done.token.person} 的令牌（仅显示一次）：${done.token.token}`)]),
    ...done.missing.map((name) => say(options, `was missing already when the backup was made: ${name}`, `备份时即已缺失：${name}`)),
  ]);
}

export function registerBackups(desk: Command): void {
  desk
    .command('backup <file>')
    .description('everything but the keys in one signed file; the desk may be running (备份)')
    .action(guarded(backup, 'config'));
  desk
    .command('restore [file]')
    .description('put a backup into an empty database; the desk must not be running (恢复)')
    .option('--in-place', 'the database was put back by its own means: take back what may have been granted since')
    .action(guarded(restore, 'config'));
}
