/** The Mantine theme: 13 px, 4 px grid, one accent, no shadow, no motion over 120 ms. */
import { Button, Input, createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

const sea: MantineColorsTuple = ['#e4f4f6', '#cfe7eb', '#9fd0d8', '#6ab8c4', '#43a4b3', '#2b98a8', '#128093', '#0b6b7a', '#085a67', '#044a55'];

/** The kit's own dark surfaces (inputs, menus, borders) in the greys of theme.css. */
const dark: MantineColorsTuple = ['#dfe6ea', '#b9c4cb', '#99a7b1', '#6b7881', '#46535c', '#2f3941', '#1a2127', '#12171b', '#0d1114', '#080b0d'];
/** Heights on the 4 px grid for the sizes of buttons that are used. */
const HEIGHTS: Readonly<Record<string, string>> = { xs: '28px', 'compact-sm': '24px', 'compact-xs': '20px', sm: '32px' };
const over = { transitionProps: { duration: 80 }, overlayProps: { backgroundOpacity: 0.35, blur: 0 }, closeButtonProps: { 'aria-label': 'Close' }, attributes: { header: { role: 'presentation' } } };
const overStyles = { content: { border: '1px solid var(--line-strong)' }, title: { fontSize: 15, fontWeight: 600 } };
const still = { transitionProps: { duration: 80 } };

export const theme = createTheme({
  primaryColor: 'sea',
  colors: { sea, dark },
  primaryShade: { light: 7, dark: 6 },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, Menlo, Consolas, monospace",
  fontSizes: { xs: '12px', sm: '12px', md: '13px', lg: '15px', xl: '18px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '3px', md: '4px', lg: '4px', xl: '4px' },
  shadows: { xs: 'none', sm: 'none', md: 'none', lg: 'none', xl: 'none' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '18px' }, h2: { fontSize: '15px' }, h3: { fontSize: '13px' }, h4: { fontSize: '13px' } } },
  components: {
    Button: Button.extend({
      defaultProps: { size: 'xs' },
      styles: { label: { fontWeight: 500 } },
      vars: (_theme, props) => ({ root: HEIGHTS[props.size ?? 'xs'] ? { '--button-height': HEIGHTS[props.size ?? 'xs'], '--button-fz': '13px' } : {} }),
    }),
    Input: Input.extend({ vars: (_theme, props) => ({ wrapper: (props.size ?? 'xs') === 'xs' ? { '--input-height': '28px', '--input-fz': '13px' } : {} }) }),
    InputWrapper: { styles: { label: { fontWeight: 500, fontSize: 12, color: 'var(--text-dim)' }, description: { fontSize: 12 }, error: { fontSize: 12 } } },
    ActionIcon: { defaultProps: { size: 'sm', variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs', visibilityToggleButtonProps: { 'aria-label': 'Show or hide it' } } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: still } },
    Autocomplete: { defaultProps: { size: 'xs', comboboxProps: still } },
    Checkbox: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs', transitionDuration: 0 } },
    Menu: { defaultProps: { ...still, shadow: undefined, withinPortal: true } },
    Popover: { defaultProps: still },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 0 } } },
    Modal: { defaultProps: { ...over, centered: true }, styles: overStyles },
    Drawer: { defaultProps: over, styles: overStyles },
    Progress: { defaultProps: { transitionDuration: 0 } },
    Table: { defaultProps: { fz: 'sm', verticalSpacing: 3, horizontalSpacing: 8 } },
    Anchor: { defaultProps: { fz: 'inherit' } },
  },
});

/** Lets the kit's own surfaces use the greys of theme.css. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--ground)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-dim)',
    '--mantine-color-placeholder': 'var(--text-dim)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-default': 'var(--ground)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-color-gray-light-color': 'var(--text-dim)',
  };
  return { variables: {}, light: shared, dark: shared };
};
