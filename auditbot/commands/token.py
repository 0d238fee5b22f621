"""``auditbot token``: keep the tokens of the school's own accounts in this computer's keyring."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from getpass import getpass

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import NoTokenNeeded, TokenUnusable, UnknownAccount
from auditbot.registers.accounts import TOKEN_KINDS, Account, read_accounts, token_variable
from auditbot.registers.tokens import find_token, forget_token, keep_token


def run(options: argparse.Namespace) -> int:
    """Do what was asked for with a token."""
    doing: Callable[[argparse.Namespace], int] = options.doing
    return doing(options)


def _set(options: argparse.Namespace) -> int:
    """Ask for a token without showing it, and keep it."""
    account = _account(options)
    keep_token(account, getpass(f"Token for {account.name} (it is not shown): "))
    print(f"The token for {account.name} is kept in the keyring of this computer.")
    return COMPLETE


def _forget(options: argparse.Namespace) -> int:
    """Remove a token from the keyring."""
    account = _account(options)
    if forget_token(account):
        print(f"The token for {account.name} is removed. Revoke it with the service as well if others may know it.")
    else:
        print(f"The keyring of this computer holds no token for {account.name}.")
    return COMPLETE


def _list(options: argparse.Namespace) -> int:
    """Say for each account that needs a token where one was found; never the token."""
    accounts = read_accounts(workspace_of(options).config / "accounts.toml")
    needing = [account for account in accounts if account.kind in TOKEN_KINDS]
    for account in needing:
        print(f"{account.name} ({account.kind}): {_where(account)}")
    if not needing:
        print("No account of the register needs a token.")
    return COMPLETE


def _where(account: Account) -> str:
    try:
        found = find_token(account)
    except TokenUnusable as error:
        return str(error)
    if found:
        return f"found in {found.origin}"
    return f'none; set {token_variable(account.name)}, or run: auditbot token set "{account.name}"'


def _account(options: argparse.Namespace) -> Account:
    accounts = {account.name: account for account in read_accounts(workspace_of(options).config / "accounts.toml")}
    if options.account not in accounts:
        raise UnknownAccount(options.account, list(accounts))
    account = accounts[options.account]
    if account.kind not in TOKEN_KINDS:
        raise NoTokenNeeded(account.name, account.kind)
    return account


def add(commands: Commands) -> None:
    """Declare the command."""
    token = commands.add_parser("token", help="keep tokens of the school's own accounts in this computer's keyring")
    what = token.add_subparsers(required=True, metavar="WHAT")
    keep = what.add_parser("set", help="ask for an account's token and keep it")
    keep.add_argument("account", metavar="ACCOUNT")
    keep.set_defaults(run=run, doing=_set)
    forget = what.add_parser("forget", help="remove an account's token")
    forget.add_argument("account", metavar="ACCOUNT")
    forget.set_defaults(run=run, doing=_forget)
    what.add_parser("list", help="say where each token was found").set_defaults(run=run, doing=_list)
