/** A report's own parts: one frame, which stands in the page compressed. */

import { Parts } from '../../src/view/index.js'
import type { FrameSource } from '../source/frame-source.js'

/** What is out of sight is asked for again, and nothing brings it anew. */
class KeptParts extends Parts {
  override delete(): void {}
}

export class EmbeddedSource implements FrameSource {
  readonly parts: Parts = new KeptParts(-1)
  readonly state = 'open'
  readonly canControl = false
  readonly canCompare = false
  onTrouble: (sentence: string) => void = () => {}

  private constructor(frame: Uint8Array) {
    this.parts.receive(frame)
  }

  /** `text`: the frame, deflated, in base64. */
  static async of(text: string): Promise<EmbeddedSource> {
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
    const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
    return new EmbeddedSource(new Uint8Array(await new Response(inflated).arrayBuffer()))
  }

  /** It has everything already. */
  ask(): void {}

  command(): Promise<void> {
    return Promise.reject(new Error('A report is not commanded.'))
  }

  /** Once, as for a frame that has come. */
  listen(listener: () => void): () => void {
    const soon = setTimeout(listener)
    return () => clearTimeout(soon)
  }

  close(): void {}
}
