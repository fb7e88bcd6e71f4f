#include "parley/checker/relacy/suite.hpp"

#include "parley/checker/relacy/session.hpp"
#include "parley/checker/require.hpp"

#include <exception>
#include <string>
#include <utility>

namespace parley::checker::relacy {
namespace {

/// Runs a piece of the program; an exception that leaves it is a failure. Relacy is told after the
/// handler, because it does not come back.
template <class Piece>
void run_piece(Piece piece) {
    std::string what;
    try {
        return piece();
    } catch (const InternalError&) {
        session.not_its_fault = std::current_exception();
    } catch (const LimitReached&) {
        session.not_its_fault = std::current_exception();
    } catch (const std::exception& error) {
        what = error.what();
    } catch (...) {
        what = "an exception that is not a std::exception";
    }
    fail(FailureClass::exception, std::move(what), {});
}

}  // namespace

void Suite::before() {
    if (session.log != nullptr) session.log->clear();
    session.variables_made = 0;
    session.steps = 0;
    session.idle_steps = 0;
    session.under_check.emplace();
    run_piece([] { program->before(); });
    session.in_threads = true;
}

void Suite::thread(unsigned index) {
    run_piece([index] { program->thread(index); });
}

void Suite::after() {
    session.in_threads = false;
    run_piece([] { program->after(); });
    if (const ObjectHeader* leak = session.heap.first_leak()) {
        fail(FailureClass::memory_leak,
             "object " + std::to_string(leak->number) + " is still alive at the end", {});
    }
    session.heap.recycle();
    session.under_check.reset();
}

}  // namespace parley::checker::relacy
