mod bad_input;
mod connect;
mod hang_up;
mod rest;
