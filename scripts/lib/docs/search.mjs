/** The index of the site's search: each section of each page, as a script, so that it works from the disk. */

/** `globalThis.searchSections = […]`: page, heading, address with anchor, text. */
export function searchScript(pages) {
  const sections = pages.flatMap(({ title, address, html }) => sectionsOf(title, address, html))
  return `globalThis.searchSections = ${JSON.stringify(sections)}\n`
}

/** Cuts a page's HTML before each heading of the second and third level. */
function sectionsOf(page, address, html) {
  return html.split(/(?=<h[23] id=")/).map(part => {
    const [, anchor = '', heading = ''] = /^<h[23] id="([^"]*)">(.*?)<\/h[23]>/.exec(part) ?? []
    return {
      page,
      heading: plain(heading),
      address: anchor === '' ? address : `${address}#${anchor}`,
      text: plain(part.replace(/^<h[1-3][^>]*>.*?<\/h[1-3]>/, '')),
    }
  })
}

const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' }

function plain(html) {
  const text = html.replace(/<[^>]+>/g, ' ').replace(/&(?:lt|gt|quot|amp);/g, entity => entities[entity])
  return text.replace(/\s+/g, ' ').trim()
}
