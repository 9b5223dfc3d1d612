/** Catches what a page throws, also when its own script could not be loaded over a weak network. */
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  return (
    <main className="alone">
      <h1>{t('broken.title')}</h1>
      <p>{t('broken.text')}</p>
      <button type="button" onClick={() => location.reload()}>{t('broken.reload')}</button>
    </main>
  );
}
