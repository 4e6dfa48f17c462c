/** Pixels of all pictures together: four bytes each, and a phone must hold them. */
const MOST_PIXELS = 60_000_000;
/** More of one picture is seen on no screen that it is rated on. */
const MOST_PIXELS_EACH = 1_300_000;
const AT_ONCE = 6;

/** Factor by which a picture is made smaller, so that `count` of its size can be held decoded. */
export function fitting(width: number, height: number, count: number): number {
  const room = Math.min(MOST_PIXELS_EACH, MOST_PIXELS / count);
  return Math.min(1, Math.sqrt(room / (width * height)));
}

async function decoded(url: string, count: number, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(response.statusText);
  const whole = await createImageBitmap(await response.blob());
  const factor = fitting(whole.width, whole.height, count);
  if (factor === 1) return whole;
  const resizeWidth = Math.max(1, Math.round(whole.width * factor));
  const resizeHeight = Math.max(1, Math.round(whole.height * factor));
  const small = await createImageBitmap(whole, { resizeWidth, resizeHeight, resizeQuality: "high" });
  whole.close();
  return small;
}

/** Fetches and decodes all pictures, a few at a time; whoever takes them closes them. */
export async function loadPictures(
  urls: readonly string[],
  signal: AbortSignal,
  progress: (part: number) => void,
): Promise<ImageBitmap[]> {
  const pictures: ImageBitmap[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let place = next++; place < urls.length; place = next++) {
      pictures[place] = await decoded(urls[place] as string, urls.length, signal);
      progress(++done / urls.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return pictures;
}
