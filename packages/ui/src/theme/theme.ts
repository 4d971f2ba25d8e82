/**
 * The one Mantine theme: type, spacing on a 4-pixel grid, radius 8, hairlines instead of shadows, and how each
 * of Mantine's components looks here, so that a screen never has to say it.
 */
import {
  ActionIcon,
  Badge,
  Button,
  createTheme,
  Drawer,
  defaultVariantColorsResolver,
  Menu,
  Modal,
  NumberInput,
  Paper,
  PasswordInput,
  Popover,
  SegmentedControl,
  Select,
  Switch,
  Tabs,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';
import * as colors from './colors.js';

const surface = { backgroundColor: 'var(--ms-surface)' } as const;
const field = { size: 'md' } as const;

/** Fill, fill under the pointer, text on it. */
const OWN: Readonly<Record<string, readonly [string, string, string]>> = {
  green: ['var(--ms-green)', 'var(--ms-green-hover)', 'var(--ms-on-green)'],
  brick: ['var(--ms-brick)', 'var(--ms-brick-hover)', 'var(--ms-on-brick)'],
  mustard: ['var(--ms-mustard)', 'var(--ms-mustard)', 'var(--ms-on-mustard)'],
};

export const theme = createTheme({
  colors: { ...colors },
  primaryColor: 'green',
  primaryShade: { light: 7, dark: 4 },
  variantColorResolver: (input) => {
    const resolved = defaultVariantColorsResolver(input);
    const own = OWN[input.color ?? input.theme.primaryColor];
    // Text on a fill differs between the light and the dark page, which only a variable can follow.
    return own && input.variant === 'filled'
      ? { ...resolved, background: own[0], hover: own[1], color: own[2] }
      : resolved;
  },
  black: '#1C2126',
  white: '#FFFFFF',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  headings: {
    fontFamily: "'Bricolage Grotesque Variable', 'Inter Variable', system-ui, sans-serif",
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h4: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'md',
  focusRing: 'auto',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 36 } }),
    Badge: Badge.extend({
      defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500 },
      styles: { root: { flexShrink: 0, minWidth: 'max-content' } },
    }),
    Button: Button.extend({ defaultProps: { size: 'sm' } }),
    Drawer: Drawer.extend({ defaultProps: { padding: 'md' }, styles: { content: surface, header: surface } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'sm', position: 'bottom-end' } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 'lg', padding: 'lg', overlayProps: { backgroundOpacity: 0.35 } },
      styles: {
        content: surface,
        header: surface,
        title: { fontFamily: 'var(--mantine-font-family-headings)', fontSize: '1.125rem', fontWeight: 600 },
      },
    }),
    NumberInput: NumberInput.extend({ defaultProps: { ...field, hideControls: true } }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'md' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: field }),
    Popover: Popover.extend({ defaultProps: { shadow: 'sm', withinPortal: true } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'sm' } }),
    Select: Select.extend({ defaultProps: { ...field, checkIconPosition: 'right', allowDeselect: false } }),
    Switch: Switch.extend({ defaultProps: { size: 'sm' } }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Textarea: Textarea.extend({ defaultProps: { ...field, autosize: true, minRows: 2 } }),
    TextInput: TextInput.extend({ defaultProps: field }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: false } }),
  },
});
