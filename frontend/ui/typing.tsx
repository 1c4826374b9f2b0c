import './typing.css'

/** Who is writing: a line of its own height, so that nothing moves when somebody begins. */
export function TypingLine({ text }: { text: string | null }) {
  return (
    <p class="typing-line" role="status">
      {text && (
        <>
          <span class="typing-dots" aria-hidden="true" />
          <bdi>{text}</bdi>
        </>
      )}
    </p>
  )
}
