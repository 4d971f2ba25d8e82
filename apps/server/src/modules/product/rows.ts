/** What a variant, a product and their search row are in the tables; shared by the projection's statements. */
import { foldWords, nameKey, skuKey, type Variant } from '@mostrador/domain/product';

/** Characters of a name that lists are ordered by; the rest is told apart by the id. */
const KEY_LENGTH = 80;

/** The order of lists: at most 80 characters of the folded name. */
export function orderKey(name: string): string {
  const key = nameKey(name);
  return key.length <= KEY_LENGTH ? key : [...key].slice(0, KEY_LENGTH).join('');
}

export interface VariantRow {
  readonly productId: string;
  readonly position: number;
  readonly variant: Variant;
  readonly skuKey: string;
  readonly nameWords: string;
}

export function variantRow(productId: string, variant: Variant, position: number): VariantRow {
  return { productId, position, variant, skuKey: skuKey(variant.sku), nameWords: foldWords(variant.name) };
}

/** Words longer than this are no words; they would not fit an index either. */
const WORD_LENGTH = 60;

/** The distinct words of folded texts. */
export function wordsOf(folded: Iterable<string>): Set<string> {
  const words = new Set<string>();
  for (const text of folded) {
    if (text === '') continue;
    for (const word of text.split(' ')) if (word.length > 0 && word.length <= WORD_LENGTH) words.add(word);
  }
  return words;
}
