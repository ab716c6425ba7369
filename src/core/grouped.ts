/** Numbers for readers, the same in every locale. */

/** 1234567 → `1,234,567`; a minus is a hyphen. */
export function grouped(n: number, decimals = 0): string {
  const [whole = '', rest] = Math.abs(n).toFixed(decimals).split('.')
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${n < 0 && Number(n.toFixed(decimals)) !== 0 ? '-' : ''}${groups}${rest === undefined ? '' : `.${rest}`}`
}
