/** What the bench office is asked to do. */
import { readFileSync } from 'node:fs';
import { GrantKind } from '../../../protocol';
import { SimError, words, type Language } from '../../cli/texts';
import type { Bench } from '../bench';
import { actionText, listed } from '../names';
import type { Office } from '../office';
import type { CeremonyTerms, PermitTerms } from '../terms';
import { numberOn } from '../../people/glass';
import { imageIn } from '../../unit/provision';
import { trainingImage, type ImageFault } from '../maker';
import { NONE, pick, wholeIn, type Command } from './command';
import { circleOf, polygonOf } from './place';
import { documentFile, personOf, writeFile } from './hands';

const PHOTOS = ['photos', '拍照'];
const NO_PHOTOS = ['nophotos', '不拍照'];
const GRANT = ['grant', '逐次'];
const DOCK = ['dock', '底座'];
const STILL = ['still', '不动'];
const CROSS = ['crosspage', '骑缝'];
const SMALL = ['small', '小图'];
const HOST = ['hostcamera', '外接相机'];
const COMPARE = ['compare', '比对'];
const NEWER = ['newer', '新条款'];
const FORGED = ['forged', '篡改'];
const IMAGE_FAULTS: readonly (readonly [readonly string[], ImageFault])[] = [[['broken', '损坏'], 'broken'], [['unsigned', '无签名'], 'unsigned'], [['swapped', '调包'], 'swapped']];
/** Age and accuracy where only one of both is said. */
const FIX = { age: 15, accuracy: 50 };
/** Bound to a permit where no document is named. */
const NO_DOCUMENT = 'no document';
const HOUR = 3600;

function officeOf(bench: Bench): Office {
  if (bench.office === undefined) throw new SimError('NO_OFFICE');
  return bench.office;
}

function documentOf(file: string): Buffer {
  try {
    return readFileSync(documentFile(file));
  } catch (error) {
    throw new SimError('PAGE_FILE_MISSING', `${file} ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

/** @throws SimError USAGE */
function deviceOf(id: string): string {
  if (!/^[0-9a-f]{16}$/i.test(id)) throw new SimError('USAGE');
  return id.toLowerCase();
}

/** How somebody shows themselves, behind their name. */
const MEANS: readonly (readonly [readonly string[], number])[] = [[['finger', '指纹'], 1], [['passcode', '口令'], 2], [['both', '指纹+口令'], 3]];

/** "zhang" or "zhang:passcode". @throws SimError WHO, USAGE */
function shown(bench: Bench, word: string): { person: number; means: number } {
  const [, name, how] = /^(.*?)[:：]([^:：]*)$/s.exec(word) ?? [undefined, word, undefined];
  return { person: personOf(bench, name!).person, means: how === undefined ? 1 : pick(how, MEANS) };
}

const ACTIONS: readonly (readonly [readonly string[], number])[] = [
  [['finger', '指纹'], 1], [['passcode', '口令'], 2], [['remove', '注销'], 3], [['reader', '指纹仪'], 4], [['handover', '移交'], 5], [['suspend', '停用'], 6], [['resume', '恢复'], 7],
  [['destroy', '销毁'], 8], [['die-out', '取章'], 9], [['die-in', '装章'], 10], [['tune', '调整'], 11], [['inked', '加油'], 12], [['maintain', '维护'], 13], [['take-out', '外带'], 14], [['return', '归还'], 15],
];

/** Actions; how a die is pressed of which nothing was said. */
const DIE_IN = 10;
const TUNE = 11;
const INKED = 12;
const AS_EVER = { dwell: 300, duty: 100, life: 0 };

/** @throws SimError USAGE */
function dieOf(bench: Bench, word: string): string {
  const rom = bench.dieOf(word);
  if (rom === undefined) throw new SimError('USAGE');
  return rom;
}

async function ceremony(bench: Bench, given: string[]): Promise<void> {
  const [what, ...rest] = given;
  const tune = { ...AS_EVER };
  const terms: CeremonyTerms = { action: pick(what, ACTIONS), persons: [], subject: undefined, die: undefined, ends: undefined, fences: [], silence: undefined };
  for (const one of rest) {
    const [, name, value] = /^([^=＝]*)[=＝](.*)$/s.exec(one) ?? [undefined, one, undefined];
    if (value === undefined) terms.subject = personOf(bench, one).person;
    else if (['before', '见证'].includes(name!)) terms.persons = value.split(/[,，、]/).flatMap((who) => Object.values(shown(bench, who)));
    else if (['for', '限'].includes(name!)) terms.ends = wholeIn(value, 1, 1e8);
    else if (['die', '印章'].includes(name!)) terms.die = dieOf(bench, value);
    else if (['dwell', '停留'].includes(name!)) tune.dwell = wholeIn(value, 0, 65_535);
    else if (['duty', '力度'].includes(name!)) tune.duty = wholeIn(value, 0, 65_535);
    else if (['ink', '印油'].includes(name!)) tune.life = wholeIn(value, 0, 65_535);
    else if (['near', '附近'].includes(name!)) terms.fences.push(circleOf(bench.unit.truth.where.spot(), wholeIn(value, 1, 100_000)));
    else if (['fence', '范围'].includes(name!)) terms.fences.push(polygonOf(value));
    else if (['silence', '失联'].includes(name!)) terms.silence = wholeIn(value, 60, 2_678_400);
    else throw new SimError('USAGE');
  }
  if (terms.action >= DIE_IN && terms.action <= INKED) terms.die ??= bench.die.rom;
  if (terms.action === TUNE) terms.tune = tune;
  await officeOf(bench).ceremony(terms);
  const [zh, en] = [actionText(terms.action).zh, actionText(terms.action).en];
  const names = terms.persons.filter((_, i) => i % 2 === 0).map(bench.name);
  bench.tell('ceremony', names.length === 0 ? words(`已下达：${zh}`, `Ordered: ${en}`) : words(`设备等待 ${listed(names, 'zh')} 到场：${zh}`, `The unit waits for ${listed(names, 'en')}: ${en}`), { action: terms.action, persons: names });
}

async function people(bench: Bench): Promise<void> {
  const known = await officeOf(bench).known();
  const line = (language: Language): string => known.map(({ person, fingers, passcode, locked, until }) => {
    const zh = language === 'zh';
    const code = locked ? (zh ? '口令已锁定' : 'passcode locked') : passcode ? (zh ? '有口令' : 'passcode') : '';
    const end = until === 0 ? '' : `${zh ? '至 ' : 'until '}${new Date(until * 1000).toISOString().slice(0, 16)}`;
    return [bench.name(person), zh ? `${fingers} 枚指纹` : `${fingers} finger${fingers === 1 ? '' : 's'}`, code, end].filter((part) => part !== '').join(' ');
  }).join(language === 'zh' ? '；' : '; ') || (language === 'zh' ? '无人登记' : 'Nobody');
  bench.tell('people', words(line('zh'), line('en')), { known });
}

async function update(bench: Bench, given: string[]): Promise<void> {
  const office = officeOf(bench);
  let fault: ImageFault | undefined;
  let version: number | undefined;
  for (const one of given) {
    const [, value] = /^(?:number|版本)[=＝](.*)$/s.exec(one) ?? [];
    if (value !== undefined) version = wholeIn(value, 1, 4e9);
    else fault = pick(one, IMAGE_FAULTS);
  }
  version ??= (await office.running()) + 1;
  const image = imageIn(bench.unit.flash, bench.unit.slot);
  if (image === undefined) throw new SimError('NO_SESSION');
  await office.update(trainingImage(image, version, fault));
  bench.tell('update', words(`固件 ${version} 已通过验证，设备重启试运行`, `Firmware ${version} is verified; the unit restarts into it, on trial`), { version });
}

async function permit(bench: Bench, given: string[]): Promise<void> {
  const office = officeOf(bench);
  const persons: number[] = [];
  const means: number[] = [];
  const name = (person: number, how: number): void => {
    persons.push(person);
    means.push(how);
  };
  const fences: number[][] = [];
  const terms: Omit<PermitTerms, 'persons' | 'means'> = { count: 1, from: -60, lasts: HOUR, photos: true, strokeGrants: false, idle: 60, die: bench.die.rom, document: NO_DOCUMENT, fences };
  for (const one of given) {
    // The value may hold the sign itself: a file's name can.
    const [, field, value] = /^([^=＝]*)[=＝](.*)$/s.exec(one) ?? [undefined, one, undefined];
    const number = (least: number, most: number): number => wholeIn(value, least, most);
    if (value === undefined && PHOTOS.includes(one)) terms.photos = true;
    else if (value === undefined && NO_PHOTOS.includes(one)) terms.photos = false;
    else if (value === undefined && GRANT.includes(one)) terms.strokeGrants = true;
    else if (value === undefined && DOCK.includes(one)) terms.dock = true;
    else if (value === undefined && STILL.includes(one)) terms.still = true;
    else if (value === undefined && SMALL.includes(one)) terms.small = true;
    else if (value === undefined && CROSS.includes(one)) terms.crossPage = true;
    else if (value === undefined && HOST.includes(one)) terms.host = true;
    else if (value === undefined && COMPARE.includes(one)) terms.compare = terms.strokeGrants = true;
    else if (value === undefined && NEWER.includes(one)) terms.newer = true;
    else if (value === undefined) {
      const who = shown(bench, one);
      name(who.person, who.means);
    } else if (['count', '次数'].includes(field)) terms.count = number(1, 65_535);
    else if (['from', '起'].includes(field)) terms.from = number(-1e8, 1e8);
    else if (['for', '限'].includes(field)) terms.lasts = number(0, 1e8);
    else if (['idle', '闲置'].includes(field)) terms.idle = number(1, 65_535);
    else if (['die', '印章'].includes(field)) terms.die = dieOf(bench, value);
    else if (['device', '设备'].includes(field)) terms.device = deviceOf(value);
    else if (['document', '文件'].includes(field)) terms.document = documentOf(value);
    else if (['near', '附近'].includes(field)) fences.push(circleOf(bench.unit.truth.where.spot(), number(1, 100_000)));
    else if (['fence', '范围'].includes(field)) fences.push(polygonOf(value));
    else if (['age', '时效'].includes(field)) terms.fix = { ...(terms.fix ?? FIX), age: number(1, 3600) };
    else if (['accuracy', '精度'].includes(field)) terms.fix = { ...(terms.fix ?? FIX), accuracy: number(1, 10_000) };
    else throw new SimError('USAGE');
  }
  if (persons.length === 0 && bench.people.length === 1) name(bench.people[0]!.person, 1);
  if (terms.compare === true && terms.document === NO_DOCUMENT) throw new SimError('USAGE');
  if (persons.length === 0) throw new SimError('USAGE', bench.people.map((one) => one.name).join(', '));
  const { count, used } = await office.permit({ persons, means, ...terms });
  const names = persons.map(bench.name);
  bench.tell('permit', words(
    `设备接受授权：${listed(names, 'zh')}，${count} 次${terms.photos || terms.strokeGrants ? '，盖章前后拍照' : ''}${terms.strokeGrants ? '，每次须另行许可' : ''}`,
    `The unit takes the permit: ${listed(names, 'en')}, ${count} ${count === 1 ? 'stroke' : 'strokes'}${terms.photos || terms.strokeGrants ? ', photos before and after' : ''}${terms.strokeGrants ? ', a grant for each' : ''}`,
  ), { persons, count, used });
}

export const DESK: readonly Command[] = [
  { names: ['permit', '授权'], group: 'office', form: words('姓名[:口令]… [次数=N] [不拍照] [逐次] [起=秒] [限=秒] [闲置=秒] [印章=编号] [附近=米] [范围=纬度,经度,…] [时效=秒] [精度=米] [底座] [不动] [小图] [骑缝] [外接相机] [比对] [文件=文件] [设备=编号] [新条款]', 'NAME[:passcode]... [count=N] [nophotos] [grant] [from=SECONDS] [for=SECONDS] [idle=SECONDS] [die=DIE] [near=METRES] [fence=LAT,LON,...] [age=SECONDS] [accuracy=METRES] [dock] [still] [small] [crosspage] [hostcamera] [compare] [document=FILE] [device=ID] [newer]'), help: words('签发授权：谁可以盖、几次、多久内有效', 'grant a permit: who may stamp, how often, how long'),
    more: words('两个姓名：两人都要到场。姓名后可写“:口令”（在键盘上输入）或“:指纹+口令”。逐次：每次盖章前由办公室看照片后“许可”。起、限：从现在起多少秒后生效、有效多少秒（缺省一小时）。附近：只能在设备现在所在之处多少米以内用；范围：纬度,经度,半径米，或三至八个角；时效、精度：定位须多新、多准。底座：只在插着 USB、没被搬动时用；不动：拍照后动一下就作废。小图：照片 800×600。外接相机：照片由主机的相机拍，用“送照片”交给设备。比对：“许可”之前先把照片与“文件”比对，不一致就不许可（逐次）。设备：开给另一台设备（16 位十六进制编号）；新条款：带有这版固件不认识的条款。', 'Two names: both must be there. Behind a name ":passcode" (typed at the keypad) or ":both". grant: the office looks at each photo first and answers with "grant". from, for: seconds from now until it begins, and how long it lasts (an hour). near: only within so many metres of where the unit is now; fence: LAT,LON,RADIUS or three to eight corners; age, accuracy: how young and how good a fix must be. dock: only on USB and not carried since; still: moved after its photo, the use is over. small: photos of 800 by 600. hostcamera: photos come from a camera at the host ("handphoto"). compare: before "grant" the photo is held against the document, and there is no grant unless they are the same. device: made out to another unit (16 hexadecimal digits); newer: with a clause that this firmware does not know.'), most: 20, follows: 'people', options: [['count=', '次数='], ['nophotos', '不拍照'], ['grant', '逐次'], ['from=', '起='], ['for=', '限='], ['idle=', '闲置='], ['die=', '印章='], ['near=', '附近='], ['fence=', '范围='], ['age=', '时效='], ['accuracy=', '精度='], ['dock', '底座'], ['still', '不动'], ['small', '小图'], ['crosspage', '骑缝'], ['hostcamera', '外接相机'], ['compare', '比对'], ['document=', '文件='], ['device=', '设备='], ['newer', '新条款']], run: (bench, given) => permit(bench, given) },
  { names: ['replay', '重放'], group: 'office', form: words('[篡改]', '[forged]'), options: [['forged', '篡改']], help: words('把上一份授权或办理再送一遍（不会多出次数）；篡改：改动一位再送', 'hand over the last permit or ceremony once more: it gains nothing; forged: with one bit of it changed'), run: async (bench, [how]) => {
    const office = officeOf(bench);
    const told = await office.replay(how !== undefined && pick(how, [[FORGED, true]]));
    if (told === undefined) return bench.tell('ceremony', words('设备接受了', 'The unit takes it'));
    const { count, used, closed } = told;
    bench.tell('permit', words(`设备答：共 ${count} 次，已用 ${used}${closed ? '，已关闭' : ''}`, `The unit answers: ${used} of ${count} used${closed ? ', closed' : ''}`), { count, used, closed });
  } },
  { names: ['grant', '许可'], group: 'office', form: words('[核对号]', '[NUMBER]'), help: words('看过照片，许可等待中的这一次盖章；不写核对号时，由现场的人照显示屏念出', 'the photo has been looked at: allow the stroke that waits for it; without a number, it is read out as it stands on the display'), run: async (bench, [told]) => {
    const number = await officeOf(bench).grantStroke(told === undefined ? numberOn(bench.glass) : wholeIn(told, 0, 4_294_967_294));
    bench.tell('grant', words(`已许可这一次盖章，核对号 ${number}`, `The stroke is granted, No. ${number}`), { number });
  } },
  { names: ['boxes', '差异'], group: 'office', looks: true, form: words('文件.jpg', 'FILE.jpg'), follows: 'files', help: words('上一次比对的页面，差异处加框，存成图片', 'the page that was compared last, with what differs framed, to a file'), run: async (bench, [file]) => {
    if (file === undefined) throw new SimError('USAGE');
    if (bench.pages.picture === undefined) throw new SimError('NO_PHOTO');
    writeFile(file, bench.pages.picture);
    bench.tell('file', words(`已写入 ${file}`, `Written: ${file}`), { file });
  } },
  { names: ['view', '画面'], group: 'office', form: words('[文件.jpg]', '[FILE.jpg]'), follows: 'files', help: words('办公室此刻从摄像头看到的托盘小图', 'the tray as the office sees it now, through the unit\'s camera'), run: async (bench, [file]) => {
    const jpeg = await officeOf(bench).view();
    if (file !== undefined) writeFile(file, jpeg);
    const where = file === undefined ? '' : ` → ${file}`;
    bench.tell('view', words(`托盘画面，${jpeg.length} 字节${where}`, `The tray, ${jpeg.length} bytes${where}`), { bytes: jpeg.length, ...(file === undefined ? {} : { file }) });
  } },
  { names: ['handphoto', '送照片'], group: 'office', form: NONE, help: words('主机的相机拍下托盘，把照片交给设备', "the host's camera takes the tray, and hands the photo to the unit"), run: async (bench) => {
    const jpeg = await bench.picture(800, 600);
    await officeOf(bench).photo(jpeg);
    bench.tell('handphoto', words(`已送交照片，${jpeg.length} 字节`, `The photo is handed over, ${jpeg.length} bytes`), { bytes: jpeg.length });
  } },
  { names: ['reject', '不符'], group: 'office', form: NONE, help: words('看过照片，这一页与批准的不符：不盖，用印停止', 'the photo has been looked at, and the page does not fit: no stroke, the use stops'), run: async (bench) => {
    await officeOf(bench).grantStroke(numberOn(bench.glass), GrantKind.REJECT);
    bench.tell('reject', words('这一页被拒绝，用印停止', 'The page is rejected, the use stops'));
  } },
  { names: ['topup', '加次'], group: 'office', form: words('次数', 'COUNT'), help: words('上一份授权从现在起共可盖几次', 'how many strokes the last permit has from now on, in all'), run: async (bench, [count]) => {
    const all = wholeIn(count, 1, 65_535);
    await officeOf(bench).topUp(all);
    bench.tell('topup', words(`授权共 ${all} 次`, `The permit has ${all} strokes in all`), { count: all });
  } },
  { names: ['revoke', '撤销'], group: 'office', form: NONE, help: words('撤销上一份授权', 'take back the last permit'), run: async (bench) => {
    await officeOf(bench).revoke();
    bench.tell('revoke', words('授权已撤销', 'The permit is revoked'));
  } },
  { names: ['finish', '结束'], group: 'office', form: NONE, help: words('结束正在进行的用印，授权随之关闭', 'end the use that is open; its permit closes with it'), run: async (bench) => {
    await officeOf(bench).finish();
    bench.tell('finish', words('用印已结束', 'The use is ended'));
  } },
  { names: ['ceremony', '办理'], group: 'office', form: words('事项 [姓名] [见证=姓名,姓名…] [限=秒] [印章=编号] [附近=米] [范围=纬度,经度,…] [失联=秒] [停留=毫秒] [力度=百分比] [印油=次数]', 'WHAT [NAME] [before=NAME,NAME...] [for=SECONDS] [die=DIE] [near=METRES] [fence=LAT,LON,...] [silence=SECONDS] [dwell=MS] [duty=PERCENT] [ink=STROKES]'), help: words('在设备前办理：登记指纹、设口令、注销、移交、停用、装取印章、调整压印、加印油、外带、归还', 'something done at the unit: enrol a finger, set a passcode, remove, hand over, suspend, change, tune or ink the die, take out, return'),
    more: words('事项：指纹、口令、注销（后接姓名）；指纹仪；移交（见证依次为移交人、接收人、监交人）；停用、恢复、销毁；取章、装章；调整（停留多久、多大力度、盖多少次后提醒加印油）、加油；维护；外带（后接借用人，限=多少秒内归还，见证须包括借用人；不写见证为延长）、归还（须在底座上）。外带、归还可加：附近、范围（可在哪里），失联（多少秒没有授权方的时间就报警）。印章可写编号或序号。见证人须在设备上验证，如“见证=zhang:口令,li”。不写见证的注销、停用、恢复和指纹仪立即生效。', 'WHAT: finger, passcode, remove (then a name); reader; handover (before: giver, receiver, witness); suspend, resume, destroy; die-out, die-in; tune (how long and how hard it is pressed, after how many strokes it wants ink), inked; maintain; take-out (then the borrower; for: seconds until it must be back; the borrower is one of those in "before"; without it, more time), return (at its dock). With take-out and return: near, fence: where it may be; silence: after so many seconds without a time of the authority it locks itself. A die is a ROM code or its number in the unit. Those in "before" show themselves at the unit, as in "before=zhang:passcode,li". Without "before", remove, suspend, resume and reader are done at once.'), most: 11, follows: 'people',
    options: [['finger', '指纹'], ['passcode', '口令'], ['remove', '注销'], ['reader', '指纹仪'], ['handover', '移交'], ['suspend', '停用'], ['resume', '恢复'], ['destroy', '销毁'], ['die-out', '取章'], ['die-in', '装章'], ['tune', '调整'], ['inked', '加油'], ['maintain', '维护'], ['take-out', '外带'], ['return', '归还'], ['near=', '附近='], ['fence=', '范围='], ['silence=', '失联='], ['before=', '见证='], ['for=', '限='], ['die=', '印章='], ['dwell=', '停留='], ['duty=', '力度='], ['ink=', '印油=']], run: (bench, given) => ceremony(bench, given) },
  { names: ['update', '更新'], group: 'office', form: words('[损坏|无签名|调包] [版本=N]', '[broken|unsigned|swapped] [number=N]'), help: words('厂家签发、授权方同意的新固件，送到设备并试运行', 'a new firmware, signed by the maker and consented to: sent to the unit, and tried'),
    more: words('与现在的固件相同，只是版本加一（签名要几秒钟）。损坏：启动后什么都不做的固件；试三次后，设备退回原来的固件并报警。无签名：签名不是厂家的；调包：送去的不是授权方同意的那一个。版本：不高于现有版本的会被拒绝。', 'The same firmware under the next version (its signature takes seconds). broken: one that starts and does nothing; after three tries the unit goes back to the one before, with an alarm. unsigned: its signature is nobody\'s; swapped: what is sent is not what was consented to. number: one that is not above what runs is refused.'), most: 2, options: [['broken', '损坏'], ['unsigned', '无签名'], ['swapped', '调包'], ['number=', '版本=']], run: (bench, given) => update(bench, given) },
  { names: ['register', '登记簿'], group: 'office', form: words('离线 | 在线', 'away | back'), options: [['away', '离线'], ['back', '在线']], help: words('登记簿离线：送来的记录和照片没有确认，设备不能腾出位置', 'the register is away: what comes is not acknowledged, and the unit can free nothing'), run: async (bench, [what]) => {
    const present = pick(what, [[['away', '离线'], false], [['back', '在线'], true]]);
    officeOf(bench).intake.present = present;
    bench.tell('register', present ? words('登记簿恢复，开始确认', 'The register is back and acknowledges') : words('登记簿离线，什么也不确认', 'The register is away and acknowledges nothing'), { present });
    if (present) await officeOf(bench).pulled();
  } },
  { names: ['people', '人员'], group: 'office', form: NONE, looks: true, help: words('设备认识哪些人', 'whom the unit knows'), run: (bench) => people(bench) },
  { names: ['clear', '解除'], group: 'office', form: NONE, help: words('授权方解除所有报警', 'the authority clears all alarms'), more: words('原因还在时，多数报警几秒后又会出现；机构卡住要到下一次盖章才会再报。', 'While its cause lasts, most alarms come back within seconds; a jam shows again with the next stroke.'), run: async (bench) => {
    const cleared = await officeOf(bench).clear();
    bench.tell('clear', cleared.length === 0 ? words('没有报警可解除', 'There is no alarm to clear') : words(`已解除：${cleared.join('、')}`, `Cleared: ${cleared.join(', ')}`), { cleared });
  } },
  { names: ['clock', '校时'], group: 'office', form: words('[偏差秒]', '[SECONDS OFF]'), help: words('由授权方校时，可故意给错', 'the authority sets the clock, wrong on purpose if you like'), run: async (bench, [off]) => {
    const offset = off === undefined ? 0 : wholeIn(off, -1e9, 1e9);
    await officeOf(bench).setTime(offset);
    bench.tell('clock', words('设备接受了时间', 'The unit takes the time'), { offset });
  } },
];
