import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import { fail, ok } from '../../../shared/result.ts';
import { createHash } from 'node:crypto';
import { findAttachment } from '../store/attachments.ts';
import { keepBlob } from '../store/blobs.ts';
import { findVisit } from '../store/visits.ts';
import { isClosed } from './visits.ts';
import type { Context } from './writing.ts';

/** Bytes; larger ones are refused before anything is written. */
export const largestAttachment = 15 * 1024 * 1024;

type Mime = ParsedInput<'visits.attach'>['mime'];

const startsWith = (content: Uint8Array, offset: number, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => content[offset + index] === byte);

/** Does the content begin like what it says it is? */
function isWhatItSays(content: Uint8Array, mime: Mime): boolean {
  switch (mime) {
    case 'image/jpeg':
      return startsWith(content, 0, [0xff, 0xd8, 0xff]);
    case 'image/png':
      return startsWith(content, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    case 'image/webp':
      // RIFF, four bytes of length, WEBP
      return startsWith(content, 0, [0x52, 0x49, 0x46, 0x46]) && startsWith(content, 8, [0x57, 0x45, 0x42, 0x50]);
    case 'application/pdf':
      return startsWith(content, 0, [0x25, 0x50, 0x44, 0x46, 0x2d]);
  }
}

function attach(context: Context, input: ParsedInput<'visits.attach'>): CallOutput<'visits.attach'> {
  const visit = findVisit(context.reader, input.visitId);
  if (visit === undefined) return fail('visit.unknown', 'reload');
  if (isClosed(visit)) return fail('visit.closed', 'reload');
  const { content, mime } = input;
  if (content.byteLength > largestAttachment)
    return fail('attachment.too-large', 'correct', { most: largestAttachment, bytes: content.byteLength });
  if (!isWhatItSays(content, mime)) return fail('attachment.not-an-image', 'correct');
  const id = context.newId();
  context.write(
    [
      {
        entity: 'attachment',
        row: id,
        op: 'create',
        area: visit.area,
        fields: {
          visit_id: visit.id,
          resident_id: input.residentId,
          kind: input.kind,
          sha256: createHash('sha256').update(content).digest('hex'),
          mime,
          bytes: content.byteLength,
          caption: input.caption,
          taken_at: context.now(),
          taken_by: context.person.id,
        },
        source: 'visit',
        reason: { kind: 'visit', visit: visit.id },
      },
    ],
    { action: 'visits.attach', subject: id, detail: input.kind },
    (writer) => void keepBlob(writer, content, mime, visit.area),
  );
  return ok({ attachmentId: id });
}

/** Takes an attachment back while its visit is open. The bytes stay until the centre has seen the deletion. */
function detach(context: Context, input: ParsedInput<'visits.detach'>): CallOutput<'visits.detach'> {
  const attachment = findAttachment(context.reader, input.attachmentId);
  if (attachment === undefined) return fail('attachment.unknown', 'reload');
  const visitId = attachment.values.visit_id;
  const visit = visitId === null ? undefined : findVisit(context.reader, visitId);
  if (visit !== undefined && isClosed(visit)) return fail('visit.closed', 'reload');
  const { waiting } = context.write(
    [
      {
        entity: 'attachment',
        row: attachment.id,
        op: 'delete',
        area: attachment.area,
        fields: {},
        source: 'visit',
        reason: visitId === null ? { kind: 'edit' } : { kind: 'visit', visit: visitId },
      },
    ],
    { action: 'visits.detach', subject: attachment.id },
  );
  return ok({ waiting });
}

export const attachmentCommands = { 'visits.attach': attach, 'visits.detach': detach };
