import { createHash } from 'node:crypto';
import { Upload as TusUpload } from 'tus-js-client';
import type { Replica } from '../store/database.ts';
import { markUpload, nextUploads, readBlob, storeBlob, type Upload } from '../store/blobs.ts';
import type { Answer, GatewayClient, Trouble } from './gateway-client.ts';
import type { Turn } from './turn.ts';

/** Sent in one request; what was sent before a break is not sent again. */
const chunkBytes = 512 * 1024;

/** Sends the bytes of attachments whose rows the centre knows. @returns what stopped it, or null */
export async function sendFiles(replica: Replica, client: GatewayClient, turn: Turn): Promise<Trouble | null> {
  const refused = new Set<string>();
  for (;;) {
    if (turn.stopped()) return null;
    const upload = nextUploads(replica.reader, 50).find(({ sha256 }) => !refused.has(sha256));
    if (upload === undefined) return null;
    turn.phase('files');
    const there = await client.hasContent(upload.sha256);
    if (!there.ok && there.trouble.kind !== 'refused') return there.trouble;
    if (turn.stopped()) return null;
    const sent: Answer<boolean> = there.ok && there.value ? there : await send(replica, client, upload);
    if (turn.stopped()) return null;
    if (sent.ok) replica.transaction((writer) => markUpload(writer, upload.sha256, 'done'));
    else if (sent.trouble.kind === 'refused') {
      // Not this file, then; the others go on. It stays here, and its bytes stay.
      turn.log('warn', 'files.refused', { code: sent.trouble.code });
      refused.add(upload.sha256);
      if (sent.trouble.code === 'scope.outside' || sent.trouble.code === 'too-large')
        replica.transaction((writer) => markUpload(writer, upload.sha256, 'refused'));
      else if (sent.trouble.code.startsWith('token.') || sent.trouble.code === 'device.revoked') return sent.trouble;
    } else return sent.trouble;
    turn.changed(new Set(['attachment']));
  }
}

/** tus: creation, then pieces; the place of an upload is remembered, so that a broken one goes on where it was. */
function send(replica: Replica, client: GatewayClient, upload: Upload): Promise<Answer<boolean>> {
  const content = readBlob(replica.reader, upload.sha256)?.content;
  if (content === undefined) throw new Error('an upload without its content');
  return new Promise((resolve) => {
    let counted = 0;
    const note = (url: string | null, offset: number): void =>
      replica.transaction((writer) => markUpload(writer, upload.sha256, 'sending', { url, offset }));
    const tus = new TusUpload(Buffer.from(content), {
      endpoint: client.url('/v1/files').href,
      uploadUrl: upload.url,
      metadata: { sha256: upload.sha256, mime: upload.mime, area: upload.area },
      headers: { authorization: `Bearer ${client.token}` },
      chunkSize: chunkBytes,
      uploadSize: upload.bytes,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => {
        if (tus.url !== null && tus.url !== upload.url) note(tus.url, 0);
      },
      onChunkComplete: (_size, accepted) => note(tus.url, accepted),
      onProgress: (sent) => {
        client.http.bytesUp += Math.max(0, sent - counted);
        counted = Math.max(counted, sent);
      },
      onSuccess: () => resolve({ ok: true, value: true }),
      onError: (error) => {
        const status = 'originalResponse' in error ? (error.originalResponse?.getStatus() ?? 0) : 0;
        const body = 'originalResponse' in error ? (error.originalResponse?.getBody() ?? '') : '';
        resolve({ ok: false, trouble: client.read(status, body) });
      },
    });
    tus.start();
  });
}

/** Fetches the bytes of an attachment; false when they cannot be had now, or are not what their name says. */
export async function fetchContent(
  replica: Replica,
  client: GatewayClient,
  sha256: string,
  mime: string,
): Promise<boolean> {
  const answer = await client.content(sha256);
  if (!answer.ok || createHash('sha256').update(answer.value).digest('hex') !== sha256) return false;
  const bytes = answer.value;
  replica.transaction((writer) => storeBlob(writer, sha256, bytes, mime));
  return true;
}
