/** The Mantine theme: 13 px, 4 px grid, one accent, no shadow, no motion over 120 ms. */
import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

const sea: MantineColorsTuple = ['#e4f4f6', '#cfe7eb', '#9fd0d8', '#6ab8c4', '#43a4b3', '#2b98a8', '#128093', '#0b6b7a', '#085a67', '#044a55'];

const still = { transitionProps: { duration: 80 } };

export const theme = createTheme({
  primaryColor: 'sea',
  colors: { sea },
  primaryShade: { light: 7, dark: 6 },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, Menlo, Consolas, monospace",
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '18px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '3px', md: '4px', lg: '4px', xl: '4px' },
  shadows: { xs: 'none', sm: 'none', md: 'none', lg: 'none', xl: 'none' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '18px' }, h2: { fontSize: '15px' }, h3: { fontSize: '13px' }, h4: { fontSize: '13px' } } },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 'sm', variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: still } },
    Autocomplete: { defaultProps: { size: 'xs', comboboxProps: still } },
    Checkbox: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs', transitionDuration: 0 } },
    Menu: { defaultProps: { ...still, shadow: undefined, withinPortal: true } },
    Popover: { defaultProps: still },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 0 } } },
    Modal: { defaultProps: { transitionProps: { duration: 80 }, centered: true } },
    Drawer: { defaultProps: { transitionProps: { duration: 80 } } },
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
