import { pieces } from './links.ts'

/**
 * What people wrote, with its addresses to press. The whole address stays visible, so that nobody
 * is led elsewhere than they read; where it goes learns nothing of us.
 */
export function Linked({ text }: { text: string }) {
  return (
    <>
      {pieces(text).map((piece, index) =>
        typeof piece === 'string' ? (
          piece
        ) : (
          <bdi key={index} dir="ltr">
            <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
              {piece.text}
            </a>
            {piece.host && ` (${piece.host})`}
          </bdi>
        ),
      )}
    </>
  )
}
