import { createHash } from 'node:crypto';
import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { AttachmentView } from '../../../shared/contract/views.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Context } from '../commands/writing.ts';
import { attachmentsOf, findAttachment, whereabouts } from '../store/attachments.ts';
import { readBlob } from '../store/blobs.ts';
import { authorOf } from '../store/workers.ts';

const kinds = ['photo', 'signature', 'scan'] as const;

/** Photos, signatures and scans of a visit, oldest first. */
export function attachmentViews(context: Context, visitId: string): AttachmentView[] {
  return attachmentsOf(context.reader, visitId).map(({ id, values }) => {
    const { here, sent } = whereabouts(context.reader, values.sha256 ?? '');
    return {
      id,
      kind: kinds.find((kind) => kind === values.kind) ?? 'photo',
      mime: values.mime ?? 'application/octet-stream',
      bytes: values.bytes ?? 0,
      caption: values.caption,
      takenAt: values.taken_at ?? '1970-01-01T00:00:00.000Z',
      takenBy: authorOf(context.reader, values.taken_by ?? 'system', context.person.id),
      sent,
      here,
    };
  });
}

export const attachmentQueries = {
  'attachments.read': async (
    context: Context,
    input: ParsedInput<'attachments.read'>,
  ): Promise<CallOutput<'attachments.read'>> => {
    const attachment = findAttachment(context.reader, input.attachmentId);
    const sha256 = attachment?.values.sha256 ?? null;
    if (attachment === undefined || sha256 === null) return fail('attachment.unknown', 'reload');
    let blob = readBlob(context.reader, sha256);
    if (blob === undefined && (await context.station.fetchContent(sha256))) blob = readBlob(context.reader, sha256);
    if (blob === undefined) return fail('attachment.elsewhere', 'wait');
    if (createHash('sha256').update(blob.content).digest('hex') !== sha256)
      return fail('attachment.damaged', 'call-supervisor');
    // A plain copy: a Buffer may be a window on a larger pool, which a message port would carry along.
    return ok({ mime: attachment.values.mime ?? blob.mime, content: new Uint8Array(blob.content) });
  },
};
