/**
 * The tokens that components use by name, once for the light and once for the dark page. They become CSS
 * variables (`--ms-paper`, …), and the contrast test reads the same values.
 */
import type { CSSVariablesResolver } from '@mantine/core';

export interface Tokens {
  readonly paper: string;
  readonly surface: string;
  /** Under the pointer, and behind quiet fills. */
  readonly hover: string;
  readonly ink: string;
  /** Secondary text: 70 % ink on the page, flattened so that its contrast can be checked. */
  readonly inkSoft: string;
  readonly line: string;
  /** Borders of fields: at least 3:1 against what is around them. */
  readonly lineStrong: string;
  readonly green: string;
  readonly greenHover: string;
  /** Text on a green fill. */
  readonly onGreen: string;
  readonly greenTint: string;
  readonly mustard: string;
  readonly onMustard: string;
  readonly mustardTint: string;
  readonly brick: string;
  readonly brickHover: string;
  readonly onBrick: string;
  readonly brickTint: string;
  readonly sky: string;
  readonly skyTint: string;
}

export const light: Tokens = {
  paper: '#FAF7F1',
  surface: '#FFFFFF',
  hover: '#F3EEE5',
  ink: '#1C2126',
  inkSoft: '#5B5E60',
  line: '#E6E0D4',
  lineStrong: '#8F8B83',
  green: '#0E5A47',
  greenHover: '#0A4739',
  onGreen: '#FFFFFF',
  greenTint: '#E4F1EB',
  mustard: '#D99A1C',
  onMustard: '#1C2126',
  mustardTint: '#FBEFD6',
  brick: '#B93A26',
  brickHover: '#9F2E1C',
  onBrick: '#FFFFFF',
  brickTint: '#FBE9E4',
  sky: '#2F6E9E',
  skyTint: '#E6F0F7',
};

export const dark: Tokens = {
  paper: '#14171A',
  surface: '#1C2024',
  hover: '#252A2F',
  ink: '#F1EDE4',
  inkSoft: '#AEADA8',
  line: '#2C3238',
  lineStrong: '#6E767D',
  green: '#3FB58F',
  greenHover: '#5AC4A2',
  onGreen: '#14171A',
  greenTint: '#18332C',
  mustard: '#E8B23E',
  onMustard: '#14171A',
  mustardTint: '#3A2F17',
  brick: '#F07A63',
  brickHover: '#F48F7B',
  onBrick: '#14171A',
  brickTint: '#3D2520',
  sky: '#7DB7E0',
  skyTint: '#1B2E3C',
};

/** `inkSoft` → `--ms-ink-soft`. */
function names(tokens: Tokens): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tokens).map(([key, value]) => [
      `--ms-${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
      value,
    ]),
  );
}

function scheme(tokens: Tokens): Record<string, string> {
  return {
    ...names(tokens),
    '--mantine-color-body': tokens.paper,
    '--mantine-color-text': tokens.ink,
    '--mantine-color-dimmed': tokens.inkSoft,
    '--mantine-color-placeholder': tokens.inkSoft,
    '--mantine-color-error': tokens.brick,
    '--mantine-color-anchor': tokens.sky,
    '--mantine-color-default': tokens.surface,
    '--mantine-color-default-hover': tokens.hover,
    '--mantine-color-default-color': tokens.ink,
    '--mantine-color-default-border': tokens.line,
    '--mantine-primary-color-filled': tokens.green,
    '--mantine-primary-color-filled-hover': tokens.greenHover,
    '--mantine-primary-color-light': tokens.greenTint,
    '--mantine-primary-color-light-hover': tokens.hover,
    '--mantine-primary-color-light-color': tokens.green,
    '--mantine-primary-color-contrast': tokens.onGreen,
    '--mantine-color-green-filled': tokens.green,
    '--mantine-color-green-filled-hover': tokens.greenHover,
    '--mantine-color-green-light': tokens.greenTint,
    '--mantine-color-green-light-color': tokens.green,
    '--mantine-color-brick-light': tokens.brickTint,
    '--mantine-color-brick-light-color': tokens.brick,
    '--mantine-color-mustard-light': tokens.mustardTint,
    '--mantine-color-mustard-light-color': tokens.ink,
    '--mantine-color-sky-light': tokens.skyTint,
    '--mantine-color-sky-light-color': tokens.sky,
    '--mantine-color-gray-light': tokens.hover,
    '--mantine-color-gray-light-color': tokens.ink,
  };
}

/** Given to `MantineProvider`; carries every token into CSS. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: scheme(light),
  dark: scheme(dark),
});
