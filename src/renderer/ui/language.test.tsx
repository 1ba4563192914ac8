import { act, render, screen } from '@testing-library/react';
import { memo } from 'react';
import { expect, it } from 'vitest';
import { setLanguage, t } from '../../language/t.ts';
import { Text, useLanguage } from './language.tsx';

it('draws what React would leave as it is in the new language, too', () => {
  const Kept = memo(function Kept() {
    useLanguage();
    return <p>{t('time.minutes', { minutes: 5 })}</p>;
  });
  render(<Kept />);
  act(() => setLanguage('zh-CN'));
  expect(screen.getByText('5 分钟')).toBeDefined();
});

it('puts elements where each language wants them', () => {
  const { container } = render(
    <p>
      <Text id="time.bytes_of" values={{ part: <b>1</b>, whole: <i>2 GiB</i> }} />
    </p>,
  );
  expect(container.querySelector('p')?.innerHTML).toBe('<b>1</b> of <i>2 GiB</i>');
});
