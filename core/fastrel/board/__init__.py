"""The board: releases in progress of many repositories, and past releases."""
