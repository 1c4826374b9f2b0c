/** Plain text of an answer; lines "1. " become steps. */
export function Body({ text, language }: { text: string; language: string }) {
  const blocks: { steps: boolean; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    if (!line.trim()) continue
    const step = /^\d+\.\s+(.*)/.exec(line)
    const last = blocks[blocks.length - 1]
    if (step && last?.steps) last.lines.push(step[1]!)
    else blocks.push({ steps: !!step, lines: [step ? step[1]! : line] })
  }
  return (
    <div class="prose" dir="auto" lang={language}>
      {blocks.map(({ steps, lines }) =>
        steps ? (
          <ol key={lines[0]}>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
        ) : (
          <p key={lines[0]}>{lines[0]}</p>
        ),
      )}
    </div>
  )
}
