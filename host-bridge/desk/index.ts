/** Public entry of the desk. */
export { createDesk, type Desk, type DeskOptions } from './desk';
export type { Compared, PageComparer } from './approvals/comparison';
export type { Judge } from './impressions/judged';
export { DeskConfig } from './config';
export { initDesk, type InitOptions } from './setup';
export { provisionDevice, type ProvisionOptions, type UnitIdentity } from './provision';
export { deviceIdentity, exportLinkKeys, type DeviceIdentity } from './authority/authority';
export { newAuthorityKeys, openAuthorityKeys, openLinkKeys, sealKeys, scryptCost, type AuthorityKeys, type DeskKeys, type LinkKeys, type SealOptions } from './authority/keystore';
export { httpTransport, injectTransport, type BridgeEvent, type BridgeRequest, type BridgeResponse, type BridgeTransport } from './follow/transport';
export { verifyArchive, type ArchiveSource } from './archive/verify';
export { verifyArchiveFile } from './archive/file';
export { writeArchiveFile } from './archive/save';
export { findingText, reportLines, type Finding, type Report, type Summary } from './archive/report';
export { noteVerifier, type NoteVerifier } from './register/note';
export { roles, operations, type Role } from './people/roles';
