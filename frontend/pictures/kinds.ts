const IMAGES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']
/** Systems do not agree on the types of these: the ending says it, and the server looks inside. */
const ENDINGS = ['.pdf', '.txt', '.csv', '.docx', '.xlsx', '.odt', '.ods', '.mp4']
const MB = 1024 * 1024
export const MOST_IMAGE_BYTES = 8 * MB
export const MOST_FILE_BYTES = 10 * MB

/** For the browser's own choice of files. */
export const ACCEPTED = [...IMAGES, ...ENDINGS].join()

export function isImage(blob: Blob): boolean {
  return IMAGES.includes(blob.type)
}

/** The key of the text that says why this cannot be added; null = it can be tried. */
export function refusal(blob: Blob, name: string): string | null {
  if (!blob.size) return 'pictures.empty'
  if (isImage(blob)) return blob.size > MOST_IMAGE_BYTES ? 'pictures.too_large' : null
  const known = ENDINGS.some((ending) => name.toLowerCase().endsWith(ending))
  if (!known) return 'pictures.not_allowed'
  return blob.size > MOST_FILE_BYTES ? 'pictures.file_too_large' : null
}
