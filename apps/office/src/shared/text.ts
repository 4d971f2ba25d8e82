/** Small things with words. */

/** Up to two letters of a name. */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const first = words[0]?.[0] ?? '';
  const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? '') : (words[0]?.[1] ?? '');
  return (first + last).toLocaleUpperCase();
}

/** `Yerba 1 kg · M / rojo`, or only the product's name. */
export function withVariant(product: string, variant: string): string {
  return variant ? `${product} · ${variant}` : product;
}
