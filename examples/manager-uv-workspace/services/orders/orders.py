"""Takes orders: a list of breads in, what it costs out."""
from bakery.menu import MENU
from bakery.prices import shown, total
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route


async def healthz(_: Request) -> PlainTextResponse:
    return PlainTextResponse("ok\n")


async def order(request: Request) -> JSONResponse:
    names = await request.json()
    unknown = [name for name in names if name not in MENU]
    if unknown:
        return JSONResponse({"unknown": unknown}, 422)
    return JSONResponse({"breads": len(names), "total": shown(total([MENU[name] for name in names]))})


app = Starlette(routes=[Route("/healthz", healthz), Route("/orders", order, methods=["POST"])])
