/** What was clicked on, said in full below its chart. */

export interface DetailProps {
  readonly title: string
  readonly lines: readonly string[]
  onClose(): void
}

export function Detail({ title, lines, onClose }: DetailProps) {
  return (
    <section class="detail" aria-label={title} aria-live="polite">
      <header>
        <h4>{title}</h4>
        <button type="button" class="close" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </header>
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
    </section>
  )
}
