/** A product's picture, small; the server draws one for every product. */
import classes from './shared.module.css';

export function Picture({ url, size = 36 }: { readonly url: string; readonly size?: number }) {
  return (
    <img className={classes.picture} src={url} alt="" width={size} height={size} loading="lazy" decoding="async" />
  );
}
