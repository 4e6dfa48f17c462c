"""``manage.py create-researcher EMAIL``: give a researcher access."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.facade import create_researcher
from affectory.errors import AffectoryError


class Command(BaseCommand):
    help = "Create a researcher, or set a new password. The password is asked for, or read from AFFECTORY_PASSWORD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--organisation", default="lab")

    def handle(self, *, email: str, organisation: str, **_options: Any) -> None:
        password = os.environ.get("AFFECTORY_PASSWORD") or _asked()
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        try:
            create_researcher(email=email, password=password, organisation=organisation)
        except AffectoryError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{email} can sign in; the organisation is {organisation}.")


def _asked() -> str:
    try:
        return getpass.getpass("Password: ")
    except EOFError as error:
        raise CommandError("Nobody is here to type a password; give it in AFFECTORY_PASSWORD.") from error
