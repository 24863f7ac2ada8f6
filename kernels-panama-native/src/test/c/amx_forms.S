/* Every way in which the assembler writes the AMX instructions that amx.c decodes: sixteen bytes each, in the order in which
 * check_decoder() in amx_test.c counts. The assembler knows the encodings from elsewhere than amx.c does. */
        .section .rodata
        .macro addresses instruction, before, after
        .irp base, rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
        .irp index, rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
        .irp scale, 1, 2, 4, 8
        .irp displacement, 0, -64, 4160
        .balign 16
        \instruction \before\displacement(%\base,%\index,\scale)\after
        .endr
        .endr
        .endr
        .endr
        .endm

        .macro dots instruction
        .irp sum, 0, 1, 2, 3, 4, 5, 6, 7
        .irp first, 0, 1, 2, 3, 4, 5, 6, 7
        .irp second, 0, 1, 2, 3, 4, 5, 6, 7
        .if (\sum != \first) && (\sum != \second) && (\first != \second)
        .balign 16
        \instruction %tmm\second, %tmm\first, %tmm\sum
        .endif
        .endr
        .endr
        .endr
        .endm

        .globl amx_forms_addresses, amx_forms_dots, amx_forms_others, amx_forms_end
        .balign 16
amx_forms_addresses:
        addresses ldtilecfg
        addresses sttilecfg
        addresses tileloadd, , ", %tmm5"
        addresses tileloaddt1, , ", %tmm2"
        addresses tilestored, "%tmm7, "
        .balign 16
amx_forms_dots:
        dots tdpbuud
        dots tdpbusd
        dots tdpbsud
        dots tdpbssd
        .balign 16
amx_forms_others:
        .irp tile, 0, 1, 2, 3, 4, 5, 6, 7
        .balign 16
        tilezero %tmm\tile
        .endr
        .balign 16
        tilerelease
        .balign 16
        ldtilecfg 0x1000(%rip)
        .balign 16
        ldtilecfg 0x1000
        .balign 16
        ldtilecfg (%r13)
        .balign 16
        tileloadd 64(%rbp), %tmm1
        .balign 16
        tileloadd 0x1000(,%r12,2), %tmm1
        .balign 16
amx_forms_end:
        .byte 0
        .section .note.GNU-stack, "", @progbits
