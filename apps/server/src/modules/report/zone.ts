/** Days of the shop: a moment's date in a time zone, and the calendar around it. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** A function from ms to `YYYY-MM-DD` in the zone. The last quarter of an hour is remembered: events come in order. */
export function dayIn(timeZone: string): (at: number) => string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // en-CA writes dates as ISO does.
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  const { format: write } = format;
  let quarter = Number.NaN;
  let day = '';
  return (at) => {
    const q = Math.floor(at / 900_000);
    if (q !== quarter) {
      quarter = q;
      day = write(at);
    }
    return day;
  };
}

/** `days` later (or earlier); both `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
