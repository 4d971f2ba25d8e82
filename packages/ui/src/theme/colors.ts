/**
 * The colours as ten-step scales. Step 7 is the accent on paper (light), step 4 the one on the dark page, so
 * one `primaryShade` serves both; the other steps lie between them in OKLCH, evenly to the eye.
 */
import type { MantineColorsTuple } from '@mantine/core';

export const green: MantineColorsTuple = [
  '#ECFBF4',
  '#C1EBD9',
  '#99D9C0',
  '#70C7A7',
  '#3FB58F',
  '#2E9576',
  '#1E775E',
  '#0E5A47',
  '#033E30',
  '#00241A',
];

export const mustard: MantineColorsTuple = [
  '#FDF6EA',
  '#FAE5BE',
  '#F5D497',
  '#EFC36E',
  '#E8B23E',
  '#E3AA34',
  '#DEA229',
  '#D99A1C',
  '#9B6C05',
  '#614100',
];

export const brick: MantineColorsTuple = [
  '#FFF3EF',
  '#FFD3C9',
  '#FFB6A6',
  '#FA9884',
  '#F07A63',
  '#DE654F',
  '#CB503B',
  '#B93A26',
  '#842415',
  '#531006',
];

export const sky: MantineColorsTuple = [
  '#F0F8FF',
  '#D1E8FA',
  '#B4D8F2',
  '#99C8E9',
  '#7DB7E0',
  '#639ECA',
  '#4986B4',
  '#2F6E9E',
  '#1C4C70',
  '#0B2D46',
];

/** Warm greys from paper to ink. */
export const gray: MantineColorsTuple = [
  '#FAF7F1',
  '#F3EEE5',
  '#E6E0D4',
  '#D2CCC0',
  '#B3AEA4',
  '#8F8B83',
  '#6A6D70',
  '#51565A',
  '#34383C',
  '#1C2126',
];

/** What Mantine reads on the dark page: 0 is text, 2 secondary text, 4 hairlines, 6 panels, 7 the page. */
export const dark: MantineColorsTuple = [
  '#F1EDE4',
  '#D6D3CB',
  '#B2B0AB',
  '#858A8C',
  '#2C3238',
  '#252A2F',
  '#1C2024',
  '#14171A',
  '#0F1214',
  '#0A0C0E',
];
