/** Kinds of pictures the replica takes. */
export type PictureMime = 'image/jpeg' | 'image/png' | 'image/webp';

/** The longer side of a photo in pixels: enough to read a document, small enough for a weak line. */
export const largestSide = 1600;

export function pictureMime(type: string): PictureMime | null {
  return type === 'image/jpeg' || type === 'image/png' || type === 'image/webp' ? type : null;
}

export const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await blob.arrayBuffer());
