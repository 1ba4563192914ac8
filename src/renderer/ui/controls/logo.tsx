import mark from './mark.svg';

/** The app's mark; its name stands beside it. */
export function Logo() {
  return <img className="logo" src={mark} width={22} height={22} alt="" />;
}
