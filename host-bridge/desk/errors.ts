/** Errors of the desk, beside those every host program has. */
import { faults } from '../common/errors';

export const DESK = faults({
  DOCUMENT_EMPTY: [422, 'The document is empty', '文件为空'],
  DOCUMENT_TOO_LARGE: [413, 'The document is too large', '文件过大'],
  DOCUMENT_UNSUPPORTED: [415, 'The document is neither PDF, PNG nor JPEG', '文件不是 PDF、PNG 或 JPEG'],
  DOCUMENT_CORRUPT: [422, 'The document cannot be read', '文件已损坏，无法读取'],
  DOCUMENT_ENCRYPTED: [422, 'The document is protected by a password', '文件有密码保护'],
  DOCUMENT_TOO_MANY_PAGES: [422, 'The document has too many pages', '文件页数过多'],
  DOCUMENT_TOO_MANY_PIXELS: [422, 'A page of the document is too large', '文件页面尺寸过大'],
  DOCUMENT_TIMEOUT: [422, 'The document takes too long to read', '文件读取超时'],
  WRONG_STATE: [409, 'Not possible in the present state', '当前状态不允许该操作'],
  OWN_APPLICATION: [403, 'Nobody decides on their own application', '不得审批本人的申请'],
  NOT_YOUR_STEP: [403, 'The decision is not with this person now', '当前审批步骤不由该人员处理'],
  NOT_KEEPER: [403, 'The seals of this device are kept by others', '该设备上的印章不由该人员保管'],
  WIDENED: [422, 'An approver may narrow what is asked, not widen it', '审批人只能缩小申请范围，不得扩大'],
  CONTENT_CHANGED: [409, 'The application is not the one that was looked at', '申请内容与所审阅的不一致'],
  REASON_REQUIRED: [422, 'A reason is required', '必须填写理由'],
  WINDOW: [422, 'The time window is not usable', '时间范围无效'],
  NO_CHAIN: [409, 'The seal has no approver', '该印章没有审批人'],
  NOT_ENROLLED: [422, 'A holder is not enrolled on the device', '借用人未在该设备上登记'],
  COUNTERS_SPENT: [409, 'The device has no permit counter left', '该设备的许可计数已用尽'],
  NO_BRIDGE: [503, 'The bridge does not answer', '网桥服务没有响应'],
  KEYS_LOCKED: [500, 'The key file cannot be opened with this passphrase', '无法用该口令打开密钥文件'],
  KEY_FORMAT: [422, 'This is not the public key of a register', '登记簿公钥格式不正确'],
  REGISTER_DAMAGED: [500, 'The register does not agree with its own checkpoint', '登记簿与其校验点不一致'],
  ARCHIVE_INCOMPLETE: [500, 'A file of the archive is missing or damaged in the store', '归档所需文件缺失或损坏'],
});
