#pragma once

#include "agent/host/contract/network_test_base.h"

// What every host::Network does for datagrams.

namespace host::contract {

class DatagramContract : public NetworkTest {};

}  // namespace host::contract
