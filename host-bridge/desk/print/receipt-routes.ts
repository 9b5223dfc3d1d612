/** Routes of receipts: given out to who may read the register, shown to whoever holds one. */
import qrcode from 'qrcode-generator';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { Problem } from '../../common/errors';
import { DeviceId, hexSchema } from '../../common/schema';
import { DESK } from '../errors';
import { callerOf } from '../people/access';
import { wordsOf } from './columns';
import type { Rooms } from '../rooms';
import { issueReceipt, makeReceipt, type Receipt } from '../register/receipt';
import { checkReceipt } from '../register/receipt-check';
import { PAGE_HEADERS, receiptPage } from './receipt-page';

const tags = ['receipts'];
const params = Type.Object({ id: hexSchema(16, 'Receipt') });
const open = { scope: 'open' } as const;
const content = (type: string, description: string) => ({ 200: { description, content: { [type]: { schema: Type.Unsafe<string>({ type: 'string' }) } } } });

export function receiptRoutes(app: App, rooms: Rooms): void {
  const { history, authority, publicUrl } = rooms;
  const receiptOf = (id: string): Promise<Receipt> => history.commit((trx) => makeReceipt(trx, authority, id, history.seconds()));
  const addressOf = (id: string): string => {
    if (publicUrl === undefined) throw new Problem(DESK.NO_PUBLIC_URL);
    return `${publicUrl}/r/${id}`;
  };
  app.post(
    '/v1/register/uses/:device/:intent/receipt',
    {
      config: { scope: 'register.read' },
      schema: {
        tags, summary: 'Give out a receipt of a stroke, for whoever has the paper', params: Type.Object({ device: DeviceId, intent: Type.Integer({ minimum: 0, maximum: 0xffffffff }) }),
        response: { 201: Type.Object({ id: hexSchema(16, 'Receipt'), url: Type.Union([Type.String(), Type.Null()], { description: 'Its page; null where publicUrl is not configured' }) }) },
      },
    },
    async (request, reply) => {
      const { device, intent } = request.params;
      const id = await history.commit((trx) => issueReceipt(trx, history, device, intent, callerOf(request)));
      return reply.code(201).send({ id, url: publicUrl === undefined ? null : addressOf(id) });
    },
  );
  app.get('/v1/receipts/:id', { config: open, schema: { tags, summary: 'A receipt, to be checked by `smartseal verify`', params, response: content('application/json', 'The receipt') } }, async (request, reply) =>
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }).type('application/json').send(JSON.stringify(await receiptOf(request.params.id), null, 1)),
  );
  app.get('/v1/receipts/:id/qr.svg', { config: open, schema: { tags, summary: "QR code of a receipt's page, to be printed or shown", params, response: content('image/svg+xml', 'The code') } }, async (request, reply) => {
    await receiptOf(request.params.id);
    const code = qrcode(0, 'M');
    code.addData(addressOf(request.params.id));
    code.make();
    return reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }).type('image/svg+xml').send(code.createSvgTag({ cellSize: 4, margin: 16, scalable: true }));
  });
  app.get('/r/:id', { config: open, schema: { tags, summary: 'What a receipt proves, as a page', params, response: content('text/html', 'The page') } }, async (request, reply) => {
    const checked = checkReceipt(JSON.stringify(await receiptOf(request.params.id)));
    // What the desk shows it has checked as a stranger would.
    if (!checked.ok) throw new Problem(DESK.REGISTER_DAMAGED, `${checked.fault} ${checked.detail}`);
    return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(receiptPage(request.params.id, checked.facts, wordsOf('zh', rooms.timeZone).time, publicUrl !== undefined));
  });
}
