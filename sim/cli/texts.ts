/** What a person reads in the terminal, in Chinese and English. */
export type Language = 'zh' | 'en';

/** One text in both languages. */
export interface Words {
  zh: string;
  en: string;
}

export const words = (zh: string, en: string): Words => ({ zh, en });

/** Errors of the simulator's command line: the codes stay, the words may change. */
export const ERRORS = {
  UNKNOWN_COMMAND: words('没有这个命令', 'There is no such command'),
  USAGE: words('用法', 'Usage'),
  WHO: words('本机没有登记此人', 'Nobody of that name is enrolled on this unit'),
  TRAY_OCCUPIED: words('托盘里已有纸（paper out 取出）', 'A sheet lies in the tray already ("paper out" takes it out)'),
  TRAY_EMPTY: words('托盘里没有纸', 'No sheet lies in the tray'),
  HOLDER_OCCUPIED: words('印章已装在机内', 'A die is in the holder already'),
  TURN_BLOCKED: words('转不动：只有一枚印章，或锁销开着、印章在外', 'It does not turn: one die only, or the bolt is open or the die out'),
  HOLDER_EMPTY: words('机内没有印章', 'No die is in the holder'),
  NO_DIE_OUTSIDE: words('手边没有印章可装', 'There is no die at hand to fit'),
  REFUSED: words('设备拒绝', 'The unit refuses'),
  NO_OFFICE: words('本次没有模拟办公室：设备由外部主机管理', 'There is no bench office here: the unit is in the hands of another host'),
  NO_SESSION: words('与设备没有会话（断电、拔线或线路故障）', 'There is no session with the unit (no power, no cable, or a bad line)'),
  NO_ANSWER: words('设备没有应答', 'The unit does not answer'),
  NO_PERMIT: words('还没有签发过授权', 'No permit has been granted yet'),
  NO_CHALLENGE: words('显示屏上没有询问码', 'No challenge stands on the display'),
  MISHEARD: words('复核数不符，请再念一遍', 'The check does not fit: something was misheard'),
  NO_PHOTO: words('没有可据以批准的照片', 'There is no photo to grant a stroke for'),
  WRONG_NUMBER: words('设备上念出的核对号与照片不符', 'The number read at the unit is not that of the photo'),
  PAGE_DIFFERS: words('托盘里不是批准的页面，不予许可', 'What lies in the tray is not the approved page: no grant'),
  PAGE_UNREADABLE: words('照片无法判断，不予许可', 'The photo is too poor to judge: no grant'),
  PAGE_OPEN: words('页面留有空白未填，不予许可', 'Places of the page are left open: no grant'),
  NOT_COMPARED: words('照片未能比对，不予许可', 'The photo could not be compared: no grant'),
  TERMINAL: words('此处不能显示图片，请给出文件名', 'No picture can be shown here: give a file'),
  RECORD_STATE: words('只能录制从头开始、使用模拟办公室的会话', 'Only a session that began with a fresh unit and the bench office can be recorded'),
  SCENARIO_FILE: words('无法读取场景文件', 'The scenario cannot be read'),
  SCENARIO_YAML: words('不是正确的 YAML', 'Not correct YAML'),
  SCENARIO_FIELD: words('场景内容不符合格式', 'The scenario is not in the form it must have'),
  SCENARIO_COMMAND: words('场景中的命令不对', 'A command of the scenario is wrong'),
  FILE: words('无法读写文件', 'The file cannot be read or written'),
  FILE_EXISTS: words('文件已存在，不会覆盖', 'The file exists already and is left alone'),
  PAGE_FILE_MISSING: words('无法打开文件', 'The file cannot be opened'),
  PAGE_FILE_UNREADABLE: words('文件不是可读的 PDF 或图片', 'The file is no PDF or image that can be read'),
  PAGE_NUMBER: words('没有这一页', 'There is no such page'),
  PAGE_TOO_LARGE: words('页面太大', 'The page is too large'),
  IDENTITY: words('身份文件不可用', 'The identity file is not usable'),
  BUNDLE: words('固件尚未编译，请运行 make firmware', 'The firmware is not built: run "make firmware"'),
  BUNDLE_FILE: words('固件文件不可用', 'The bundle cannot be used'),
  STATE: words('状态目录不可用', 'The state folder is not usable'),
  STATE_BUSY: words('状态目录正被另一个模拟器使用', 'Another simulator uses this state folder'),
  STATE_OTHER_UNIT: words('状态目录属于另一台设备', 'The state folder belongs to another unit'),
  PTY_UNAVAILABLE: words('无法打开伪终端', 'No pseudo-terminal can be opened'),
  PTY_PATH_TAKEN: words('路径已被占用', 'The path is taken'),
  PTY_PATH: words('无法在此处建立串口名称', 'The name of the serial port cannot be made there'),
  IDENTITIES_BUSY: words('身份目录里的设备正由另一个模拟器运行', 'Another simulator runs the units of this folder'),
  IDENTITIES: words('身份目录不可用', 'The folder of identities is not usable'),
  TCP: words('无法监听 TCP 端口', 'The TCP port cannot be listened at'),
  UPDATE_FAILED: words('设备没有接受固件镜像', 'The unit did not take the image'),
  FLASH_PORT: words('串口无法使用，或设备的控制台已锁；设备上什么都没有改动', 'The port cannot be used, or the console of the unit is locked; nothing was changed'),
  FLASH_FAILED: words('烧录没有完成，设备上的固件不会启动', 'Flashing did not finish; what is on the unit will not start'),
  NOT_FLASHED: words('设备上没有固件，什么都没有改动；请先用 device flash 烧录', 'There is no firmware on the unit, and nothing was changed: use device flash first'),
  PROVISIONED: words('设备已有密钥和身份，什么都没有改动；device flash --identity 才会一并更换', 'The unit has keys and an identity, and nothing was changed: device flash --identity replaces all of it'),
  PROVISION_FAILED: words('配钥没有完成，设备不会启动；可以再来一次', 'Provisioning did not finish, and the unit will not start; it can be done again'),
  DEMO_FOLDER: words('该目录不是演示留下的，不会清除', 'The folder is not one of a demo and is left alone'),
  DEMO_BUSY: words('另一个演示正在使用该目录', 'Another demo is running in this folder'),
  DEMO_FAILED: words('演示失败', 'The demo failed'),
  WORKER: words('探索进程意外终止，结果不完整', 'A process of the exploration has ended before its work was done'),
  INTERNAL: words('内部错误', 'Internal error'),
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a stable code, told in one line. */
export class SimError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail = '',
  ) {
    super(detail === '' ? ERRORS[code].en : `${ERRORS[code].en}: ${detail}`);
    this.name = 'SimError';
  }
}

/** Any error with one of these codes, or a message that starts with one ("TRAY_EMPTY: ..."), as an error of this list. */
export function asSimError(error: unknown): SimError {
  if (error instanceof SimError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  if (typeof code === 'string' && code in ERRORS) return new SimError(code as ErrorCode, text);
  const named = /^([A-Z_]+): (.*)$/s.exec(text);
  if (named && named[1]! in ERRORS) return new SimError(named[1] as ErrorCode, '');
  return new SimError('INTERNAL', text);
}

export function errorLine(error: SimError, language: Language): string {
  const text = ERRORS[error.code][language];
  return `${error.code}: ${text}${error.detail === '' ? '' : language === 'zh' ? `：${error.detail}` : `: ${error.detail}`}`;
}
