import { describe, expect, it } from 'vitest';
import { countryCode } from './countries.js';

describe('the country of a customer', () => {
  it.each([
    ['Germany', 'DE'],
    ['Alemania', 'DE'],
    ['Alemanha', 'DE'],
    ['France', 'FR'],
    ['Czech Republic', 'CZ'],
    ['Vietnam', 'VN'],
    ['Russia', 'RU'],
    ['Yemen', 'YE'],
    ['Perú', 'PE'],
    ['EIRE', 'IE'],
    ['RSA', 'ZA'],
    ['United Kingdom', 'GB'],
    [' reino unido ', 'GB'],
    ['UK', 'GB'],
    ['DD', 'DE'],
    ['AR', 'AR'],
    ['Unspecified', null],
    ['', null],
  ])('%j is %s', (text, code) => {
    expect(countryCode(text)).toBe(code);
  });
});
